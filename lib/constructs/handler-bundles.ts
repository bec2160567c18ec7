import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { buildSync } from 'esbuild';

const lib = join(__dirname, '..');
const app = join(lib, '..', 'app', 'src');
const output = join(lib, '..', '.cache', 'handlers');

/** Entry points of the app that run as functions. */
const appHandlers = ['rotation', 'api-key-rotation', 'worker', 'restore-drill', 'canary'];

/** Folders of the app that are copied into the folder of a bundle, which reads them at run time. */
const foldersBeside: Readonly<Record<string, string>> = { 'app/restore-drill': 'database/migrations' };

/** What the bundles were made from and what they contain. */
interface BundleRecord {
  /** Entry points and copied files. A new one makes the bundles stale. */
  readonly sources: readonly string[];
  /** SHA-256 of each file that was read or written, by absolute path. */
  readonly hashes: Readonly<Record<string, string>>;
}

/** Beside the bundles, because a file among them would be deployed. */
const recordFile = `${output}.json`;

/** They decide which version of esbuild runs, with which options, and which packages an import finds. */
const bundler = [__filename, join(lib, '..', 'package-lock.json')];

/** Prefix of temporary files that another process is about to rename. */
const draftPrefix = '.draft-';

let bundled = false;

/**
 * Returns the folder with the bundle of one handler: `handler.js`, with the source's exports.
 *
 * The first call bundles every `lib/**\/*.lambda.ts` and the app's handlers with one esbuild run, unless no file of an earlier run has
 * changed. A `NodejsFunction` would take half a second for each.
 *
 * @param source path of the handler below `lib`, such as `compute/deployment/deployment-steps.lambda.ts`, or `app/NAME` for `app/src/NAME.ts`
 */
export function handlerBundle(source: string): string {
  if (!bundled) bundleAll();
  bundled = true;
  return join(output, source.replace(/\.lambda\.ts$/, ''));
}

function bundleAll(): void {
  const handlers = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.lambda.ts'),
  );
  const copies = Object.entries(foldersBeside).flatMap(([bundle, folder]) => {
    const from = join(app, '..', folder);
    return readdirSync(from).map((name) => ({ from: join(from, name), path: join(output, bundle, folder, name) }));
  });
  const sources = [...handlers, ...copies.map(({ from }) => from)].sort();
  if (isCurrent(sources)) return;
  const start = Date.now();
  const { outputFiles, metafile } = buildSync({
    entryPoints: [
      ...handlers.map((source) => ({
        in: join(lib, source),
        out: join(source.replace(/\.lambda\.ts$/, ''), 'handler'),
      })),
      ...appHandlers.map((name) => ({ in: join(app, `${name}.ts`), out: join('app', name, 'handler') })),
    ],
    outdir: output,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The Lambda runtime includes the SDK clients.
    external: ['@aws-sdk/client-*', 'pg-native'],
    // The bundle is CommonJS, where import.meta.dirname does not exist. Files that the sources read are copied beside it.
    define: { 'import.meta.dirname': '__dirname' },
    absWorkingDir: lib,
  });
  const files = [
    ...outputFiles.map(({ path, text }) => ({ path, text })),
    ...copies.map(({ from, path }) => ({ path, text: readFileSync(from, 'utf8') })),
  ];
  for (const { path, text } of files) writeIfChanged(path, text);
  removeAllBut(new Set(files.map(({ path }) => path)));
  const inputs = Object.keys(metafile.inputs).map((path) => join(lib, path));
  const read = [...inputs, ...copies.map(({ from }) => from), ...bundler];
  // Its hash would be that of a later content than the one in the bundle.
  if (read.some((path) => statSync(path).mtimeMs >= start)) return;
  const hashes = Object.fromEntries([...read, ...files.map(({ path }) => path)].map((path) => [path, hashOf(path)]));
  writeIfChanged(recordFile, JSON.stringify({ sources, hashes } satisfies BundleRecord));
}

/** Whether the bundles are complete and made from the sources as they are now. */
function isCurrent(sources: readonly string[]): boolean {
  const text = readOrEmpty(recordFile);
  if (text === '') return false;
  const recorded = JSON.parse(text) as BundleRecord;
  return (
    isDeepStrictEqual(recorded.sources, sources) &&
    Object.entries(recorded.hashes).every(([path, hash]) => hashOf(path) === hash) &&
    filesIn(output).every((path) => path in recorded.hashes)
  );
}

function hashOf(path: string): string {
  return createHash('sha256').update(readOrEmpty(path)).digest('hex');
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith(draftPrefix))
    .map(({ parentPath, name }) => join(parentPath, name));
}

/** Deletes files of earlier versions, because the whole folder is the asset. */
function removeAllBut(written: ReadonlySet<string>): void {
  for (const path of filesIn(output)) if (!written.has(path)) rmSync(path, { force: true });
}

/** Replaces the file atomically, because parallel test processes may read it meanwhile. */
function writeIfChanged(path: string, text: string): void {
  if (readOrEmpty(path) === text) return;
  mkdirSync(dirname(path), { recursive: true });
  const draft = join(output, `${draftPrefix}${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
