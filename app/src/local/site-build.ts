import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { isStale, isWritable } from './built-files.ts';

/** What the console is built from, relative to `frontend/`. */
const sources = [
  'src',
  'public',
  'index.html',
  'reference.html',
  'package.json',
  '../app/currencies.json',
  '../app/src/problems.ts',
  '../app/src/problem-explanations.ts',
];

/** Returns the directory of the built console. Builds it if it is missing or older than its sources. */
export function buildSite(root: string, log: (line: string) => void): string {
  const frontend = join(root, 'frontend');
  const site = join(frontend, 'dist');
  const files = sources.map((path) => join(frontend, path));
  if (!isStale(join(site, 'index.html'), files)) return site;
  const remedy = `Run 'npm run build --workspace frontend' in another checkout and copy its frontend/dist here.`;
  if (/[#?]/.test(root)) {
    throw new Error(
      `The merchant console is not built, and Vite cannot build in ${root} because the path contains # or ?. ${remedy}`,
    );
  }
  if (!isWritable(site)) {
    throw new Error(`The merchant console is not built, and ${site} is not writable. ${remedy}`);
  }
  log('building the merchant console …');
  const { status, stdout, stderr, error } = spawnSync('npm', ['run', 'build', '--workspace', 'frontend'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (error)
    throw new Error(`The merchant console cannot be built: npm did not start (${error.message}). Add npm to the PATH.`);
  if (status !== 0)
    throw new Error(
      `The build of the merchant console failed. Run 'npm run build --workspace frontend'.\n${stdout}${stderr}`,
    );
  return site;
}
