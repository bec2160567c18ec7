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

/** Everything that the local platform creates in its data directory. `--fresh` removes these entries only. */
export const dataEntries = {
  postgres: 'postgres',
  documents: 'documents',
  logs: 'logs',
  administratorPassword: 'administrator-password',
  apiPassword: 'payments_api-password',
  apiKey: 'demo-api-key',
  operatorKey: 'operator-key',
  webhookKey: 'webhook-key',
  clientSecret: 'console-client-secret',
  personPassword: 'person-password',
} as const;

/** This file marks a directory that the platform created. */
const markerName = 'payment-platform-local-data';
const remedy = 'Choose a new or empty directory with --data-directory.';

/**
 * Creates the data directory, or opens one that the platform created earlier.
 *
 * @param root the checkout
 * @returns the path with symbolic links resolved
 * @throws when the directory contains other files, is the checkout, the home directory or a parent of one of them, or is not writable.
 * Its content is unchanged then.
 */
export function openDataDirectory(path: string, root: string): string {
  if (path.trim() === '') throw new Error('--data-directory is empty. Give it a path, or omit it for the default.');
  const given = resolve(path);
  refuseParents(given, root);
  try {
    if (!existsSync(given)) {
      // With `recursive`, mkdir reports a read-only file system as ENOENT.
      accessSync(nearestExisting(given), constants.W_OK);
      mkdirSync(given, { recursive: true });
      // The unprivileged user that runs PostgreSQL must be able to enter. Each secret is a file with mode 600.
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

/** Removes the entries of the platform from its data directory. Other files stay. */
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

/** `undefined` for a user without a home directory, such as a user id without a name. */
function homeDirectory(): string | undefined {
  try {
    return realpathSync(homedir());
  } catch {
    return undefined;
  }
}
