import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { storageError } from './storage-error.ts';

/** What the local platform makes in its data directory; `--fresh` removes these and nothing else. */
export const dataEntries = {
  postgres: 'postgres',
  documents: 'documents',
  logs: 'logs',
  administratorPassword: 'administrator-password',
  apiPassword: 'payments_api-password',
  apiKey: 'demo-api-key',
} as const;

/** Its presence shows that the platform made a directory. */
const markerName = 'payment-platform-local-data';
const remedy = 'Choose a new or empty directory with --data-directory.';

/**
 * Makes the data directory, or opens one that the platform has made.
 *
 * @param root the checkout
 * @returns the path without symbolic links
 * @throws when the directory holds other files than the platform's, is the checkout, the home directory or above one of them, or cannot
 * be written; nothing in it has changed then
 */
export function openDataDirectory(path: string, root: string): string {
  if (path.trim() === '') throw new Error('--data-directory is empty. Give it a path, or omit it for the default.');
  const given = resolve(path);
  refuseParents(given, root);
  try {
    if (!existsSync(given)) {
      // Made with its parents, Node.js reports a read-only file system as a missing directory.
      accessSync(nearestExisting(given), constants.W_OK);
      mkdirSync(given, { recursive: true });
      // PostgreSQL, which does not run as root, has its own folder in it; every secret in it is a file for its owner alone.
      chmodSync(given, 0o755);
    }
    const directory = realpathSync(given);
    refuseParents(directory, root);
    if (!statSync(directory).isDirectory()) throw new Error(`${given} is a file, not a directory. ${remedy}`);
    const marker = join(directory, markerName);
    if (existsSync(marker)) return directory;
    const [other] = readdirSync(directory);
    if (other !== undefined)
      throw new Error(`${given} contains files that the platform did not create, such as ${other}. ${remedy}`);
    writeFileSync(marker, 'The local payment platform keeps its data here. npm start -- --fresh removes them.\n');
    return directory;
  } catch (error) {
    throw storageError(error, given);
  }
}

/** Removes what the platform has stored in its data directory. Other files stay. */
export function removeData(directory: string): void {
  for (const entry of Object.values(dataEntries)) rmSync(join(directory, entry), { recursive: true, force: true });
}

function refuseParents(directory: string, root: string): void {
  const home = homeDirectory();
  const places = [
    { place: realpathSync(root), name: 'the checkout' },
    ...(home === undefined ? [] : [{ place: home, name: 'your home directory' }]),
  ];
  for (const { place, name } of places) {
    if (directory === place) throw new Error(`${directory} is ${name}. ${remedy}`);
    if (isAbove(directory, place)) throw new Error(`${directory} is a parent of ${name} ${place}. ${remedy}`);
  }
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path));
}

function isAbove(directory: string, place: string): boolean {
  const way = relative(place, directory);
  return way !== '' && way.split(/[/\\]/).every((step) => step === '..');
}

/** `undefined` where neither the environment nor the system knows one, such as for a user id without a name. */
function homeDirectory(): string | undefined {
  try {
    return realpathSync(homedir());
  } catch {
    return undefined;
  }
}
