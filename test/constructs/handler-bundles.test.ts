import * as esbuild from 'esbuild';
import fs from 'node:fs';
import { join } from 'node:path';
import type * as HandlerBundles from '../../lib/constructs/handler-bundles';

jest.mock('esbuild', () => {
  const actual = jest.requireActual<typeof esbuild>('esbuild');
  return { ...actual, buildSync: jest.fn(actual.buildSync) };
});

const root = join(__dirname, '..', '..');
const { readFileSync, readdirSync } = fs;

/** The folder of a bundle, as a new process gets it. */
function bundleInNewProcess(): string {
  let folder = '';
  jest.isolateModules(() => {
    const { handlerBundle } = jest.requireActual<typeof HandlerBundles>('../../lib/constructs/handler-bundles');
    folder = handlerBundle('edge/origin-secret.lambda.ts');
  });
  return folder;
}

beforeAll(() => {
  bundleInNewProcess();
});

beforeEach(() => {
  // Ends the call before it writes what the files below only seem to contain.
  jest.mocked(esbuild.buildSync).mockImplementation(() => {
    throw new Error('bundles again');
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

test('keeps bundles whose sources have not changed', () => {
  expect(fs.existsSync(join(bundleInNewProcess(), 'handler.js'))).toBe(true);
});

test.each([
  ['a handler', 'lib/edge/origin-secret.lambda.ts'],
  ['a file that a handler imports', 'lib/constructs/physical-id.ts'],
  ['a copied file', 'app/database/migrations/0001_roles.sql'],
  ['the options of the bundler', 'lib/constructs/handler-bundles.ts'],
  ['the version of a package', 'package-lock.json'],
  ['a bundle', '.cache/handlers/edge/origin-secret/handler.js'],
])('bundles again after a change of %s', (_what, changed) => {
  jest.spyOn(fs, 'readFileSync').mockImplementation(((path: string, encoding: 'utf8') => {
    const text = readFileSync(path, encoding);
    return path === join(root, changed) ? `${text}\n` : text;
  }) as typeof readFileSync);
  expect(bundleInNewProcess).toThrow('bundles again');
});

test('bundles again without a record', () => {
  jest.spyOn(fs, 'readFileSync').mockImplementation(((path: string, encoding: 'utf8') => {
    if (path === join(root, '.cache/handlers.json')) throw new Error('ENOENT');
    return readFileSync(path, encoding);
  }) as typeof readFileSync);
  expect(bundleInNewProcess).toThrow('bundles again');
});

test('bundles again with a new handler', () => {
  jest.spyOn(fs, 'readdirSync').mockImplementation(((folder: string, options: { encoding: 'utf8' }) => {
    const names = readdirSync(folder, options);
    return folder === join(root, 'lib') ? [...names, 'edge/new.lambda.ts'] : names;
  }) as unknown as typeof readdirSync);
  expect(bundleInNewProcess).toThrow('bundles again');
});

test('bundles again with a file that an earlier version left', () => {
  const left = { parentPath: join(root, '.cache/handlers/edge'), name: 'old.js', isFile: () => true };
  jest.spyOn(fs, 'readdirSync').mockImplementation(((folder: string, options: { withFileTypes: true }) => {
    const entries = readdirSync(folder, options);
    return folder === join(root, '.cache/handlers') ? [...entries, left] : entries;
  }) as unknown as typeof readdirSync);
  expect(bundleInNewProcess).toThrow('bundles again');
});
