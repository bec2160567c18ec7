import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultDataDirectory } from './default-data-directory.ts';
import { type LocalPlatform, startLocalPlatform } from './local-platform.ts';
import { stripeKeyFile } from './stripe-key-file.ts';
import { welcome } from './welcome.ts';

/* `npm start`: runs the whole platform on this machine until Ctrl-C. */

const root = resolve(fileURLToPath(import.meta.url), '../../../..');
const usage = `Usage: npm start -- [--port NUMBER] [--data-directory PATH] [--fresh] [--empty] [--trace] [--stripe-key FILE]
  --port            port of the console; 0 for a free port (default 8080)
  --data-directory  directory of the database, documents and logs (default .local, or in /var/tmp if root starts a
                    checkout that other users cannot enter)
  --fresh           delete the stored data first
  --empty           create a new database without demo payments
  --trace           trace every request and log every SQL statement with its correlation id
  --stripe-key      file with a key of Stripe's test mode; Stripe then decides instead of the simulator`;

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        port: { type: 'string', default: '8080' },
        'data-directory': { type: 'string', default: defaultDataDirectory(root) },
        fresh: { type: 'boolean', default: false },
        empty: { type: 'boolean', default: false },
        trace: { type: 'boolean', default: false },
        'stripe-key': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    const port = Number(values.port);
    if (!/^\d{1,5}$/.test(values.port) || port > 65_535)
      throw new Error(`--port ${values.port} is not a port number. Use a number from 0 to 65535.`);
    const { fresh, empty, trace, help, 'stripe-key': stripeKey } = values;
    const keyFile = stripeKey === undefined ? undefined : stripeKeyFile(stripeKey);
    return { port, dataDirectory: values['data-directory'], fresh, empty, trace, help, keyFile };
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

const { port, dataDirectory, fresh, empty, trace, help, keyFile } = readArguments();
if (help) {
  console.log(usage);
  process.exit(0);
}
const starting = startLocalPlatform({
  root,
  port,
  dataDirectory,
  fresh,
  empty,
  trace,
  stripeKeyFile: keyFile,
  log: (line) => {
    console.log(line);
  },
});
let stopping = false;
const stop = async (code: number) => {
  if (stopping) return;
  stopping = true;
  // Wait for a start in progress, because processes that have already started would outlive this one.
  const platform = await starting;
  await platform.stop();
  process.exit(code);
};
const announce = (platform: LocalPlatform) => {
  if (!stopping) console.log(welcome(platform, dataDirectory));
};
// A closed pipe, such as of `head`: without a listener, this process would crash and the ones that it started would outlive it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => void stop(1));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
try {
  const platform = await starting;
  platform.ended.catch((error: unknown) => {
    console.error((error as Error).message);
    void stop(1);
  });
  announce(platform);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
