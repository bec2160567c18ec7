/*
 * Runs one handler once: node_runtime.mjs FOLDER MODULE.EXPORT RESULT-FILE, with the event on standard input.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

const [, , folder, handler, resultFile] = process.argv;
const [moduleName, exportName] = handler.split('.');

// CDK's functions answer CloudFormation by HTTPS and drop the port of its address; the emulator listens to plain HTTP.
const emulator = new URL(process.env.AWS_ENDPOINT_URL);
const { request } = https;
https.request = (options, ...more) =>
  options.hostname === emulator.hostname
    ? http.request({ ...options, protocol: 'http:', port: emulator.port }, ...more)
    : request(options, ...more);

// State machines wait in compressed time; to their functions it is as late as if they had waited.
const ahead = Number(process.env.EMULATOR_CLOCK_AHEAD);
const { now } = Date;
globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length > 0 ? given : [Date.now()]));
  }
  static now() {
    return now() + ahead;
  }
};

async function main() {
  const code = require(join(folder, `${moduleName}.js`));
  const event = JSON.parse(readFileSync(0, 'utf8'));
  const context = {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: 'emulated',
    awsRequestId: `emulated-${process.pid}`,
    getRemainingTimeInMillis: () => 60_000,
  };
  writeFileSync(resultFile, JSON.stringify((await code[exportName](event, context)) ?? null));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    writeFileSync(resultFile, JSON.stringify({ errorType: error.name, errorMessage: error.message }));
    process.exit(1);
  },
);
