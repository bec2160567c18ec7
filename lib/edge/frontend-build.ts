import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem, IgnoreMode } from 'aws-cdk-lib';

const root = join(__dirname, '..', '..');
const frontend = join(root, 'frontend');
/** Files of the API from which pages are also made. */
const shared = ['currencies.json', 'src/problems.ts', 'src/problem-explanations.ts'].map((file) =>
  join(root, 'app', file),
);
const site = join(frontend, 'dist');
const stamp = join(frontend, 'dist.fingerprint');

/**
 * Returns the directory of the built merchant console. Builds it if its sources have changed since the last build.
 *
 * @throws Error when the build fails, with its output
 */
export function builtFrontend(): string {
  const sources = [
    FileSystem.fingerprint(frontend, {
      ignoreMode: IgnoreMode.GIT,
      exclude: ['dist', 'dist.fingerprint', 'node_modules', 'test-results', 'e2e', '**/*.test.ts', '**/*.test.tsx'],
    }),
    ...shared.map((file) => FileSystem.fingerprint(file)),
  ].join(' ');
  if (existsSync(site) && existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return site;
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build', '--workspace', 'frontend'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) {
    throw new Error(
      `The merchant console could not be built. Run 'npm run build --workspace frontend' and correct its errors.\n${stdout}${stderr}`,
    );
  }
  writeFileSync(stamp, sources);
  return site;
}
