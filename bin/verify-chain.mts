import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultDataDirectory } from '../app/src/local/default-data-directory.ts';
import { verifyLocalLedger } from '../app/src/local/verify-local-ledger.ts';

/* `npm run verify-chain`: compares the ledger of the platform that `npm start` runs with its hash chains. */

const usage = `Usage: npm run verify-chain -- [--data-directory PATH]
Exits with 0 if nothing was altered, and with 1 and the first altered row or block of each chain otherwise.`;
const root = resolve(fileURLToPath(import.meta.url), '../..');

function readArguments() {
  try {
    const options = { 'data-directory': { type: 'string' }, help: { type: 'boolean', default: false } } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(`${(error as Error).message}\n${usage}`);
    process.exit(2);
  }
}

const { help, 'data-directory': dataDirectory = defaultDataDirectory(root) } = readArguments();
if (help) {
  console.log(usage);
} else {
  try {
    const { blocks, rows, findings } = await verifyLocalLedger(dataDirectory);
    for (const { name, detail } of findings) console.error(`${name}: ${detail}`);
    console.log(`${blocks} blocks with ${rows} entries: ${findings.length === 0 ? 'nothing was altered' : 'altered'}`);
    if (findings.length > 0) process.exitCode = 1;
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
