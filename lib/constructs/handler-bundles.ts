import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';

const lib = join(__dirname, '..');
const app = join(lib, '..', 'app', 'src');
const output = join(lib, '..', '.cache', 'handlers');

/** Entry points of the app that run as functions. */
const appHandlers = ['rotation', 'api-key-rotation', 'worker', 'restore-drill'];

/** Folders of the app that are copied into the folder of a bundle, which reads them at run time. */
const foldersBeside: Readonly<Record<string, string>> = { 'app/restore-drill': 'database/migrations' };

/** Prefix of temporary files that another process is about to rename. */
const draftPrefix = '.draft-';

let bundled = false;

/**
 * Returns the folder with the bundle of one handler: `handler.js`, with the source's exports.
 *
 * The first call bundles every `lib/**\/*.lambda.ts` and the app's handlers with one esbuild run. A `NodejsFunction` would take half a
 * second for each.
 *
 * @param source path of the handler below `lib`, such as `compute/deployment/deployment-steps.lambda.ts`, or `app/NAME` for `app/src/NAME.ts`
 */
export function handlerBundle(source: string): string {
  if (!bundled) bundleAll();
  bundled = true;
  return join(output, source.replace(/\.lambda\.ts$/, ''));
}

function bundleAll(): void {
  const sources = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.lambda.ts'));
  const { outputFiles } = buildSync({
    entryPoints: [
      ...sources.map((source) => ({
        in: join(lib, source),
        out: join(source.replace(/\.lambda\.ts$/, ''), 'handler'),
      })),
      ...appHandlers.map((name) => ({ in: join(app, `${name}.ts`), out: join('app', name, 'handler') })),
    ],
    outdir: output,
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // The Lambda runtime includes the SDK clients.
    external: ['@aws-sdk/client-*', 'pg-native'],
    // The bundle is CommonJS, where import.meta.dirname does not exist. Files that the sources read are copied beside it.
    define: { 'import.meta.dirname': '__dirname' },
    absWorkingDir: lib,
  });
  const beside = Object.entries(foldersBeside).flatMap(([bundle, folder]) => {
    const from = join(app, '..', folder);
    return readdirSync(from).map((name) => ({
      path: join(output, bundle, folder, name),
      text: readFileSync(join(from, name), 'utf8'),
    }));
  });
  const files = [...outputFiles.map(({ path, text }) => ({ path, text })), ...beside];
  for (const { path, text } of files) writeIfChanged(path, text);
  removeAllBut(new Set(files.map(({ path }) => path)));
}

/** Deletes files of earlier versions, because the whole folder is the asset. */
function removeAllBut(written: ReadonlySet<string>): void {
  for (const entry of readdirSync(output, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(path) && !entry.name.startsWith(draftPrefix)) rmSync(path, { force: true });
  }
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
