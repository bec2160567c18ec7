import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AdminClient } from '../app/admin/admin-client.ts';
import { type AdminTarget, readArguments, usage, UsageError } from '../app/admin/command-line.ts';
import { dataEntries } from '../app/src/local/data-directory.ts';
import { defaultDataDirectory } from '../app/src/local/default-data-directory.ts';

/* `npm run admin`: administers merchants, API keys and client certificates through the operator's API. */

/** Returns the operator's key: of the environment, or of the local platform. @throws when there is none */
function operatorKey({ url, dataDirectory }: AdminTarget): string {
  const given = process.env['OPERATOR_KEY'];
  if (given !== undefined && given !== '') return given;
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
  if (!isLocal) throw new Error(`OPERATOR_KEY is not set. Set it to the operator's key of ${url}.`);
  const root = resolve(fileURLToPath(import.meta.url), '../..');
  const file = join(dataDirectory ?? defaultDataDirectory(root), dataEntries.operatorKey);
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  throw new Error(`${file} does not exist. Run 'npm start' first, or pass its --data-directory.`);
}

const args = process.argv.slice(2);
if (args.includes('--help') || args.length === 0) {
  console.log(usage);
} else {
  try {
    const { request, target } = readArguments(args);
    const answers = await new AdminClient(target.url, operatorKey(target)).perform(request);
    for (const answer of answers) console.log(JSON.stringify(answer, undefined, 2));
  } catch (error) {
    console.error(error instanceof UsageError ? `${error.message}\n\n${usage}` : (error as Error).message);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
