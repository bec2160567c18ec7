import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/*
 * Tries local mode on every supported version of Node.js. The binaries come from npm, 60 MB each, and are kept in .cache/node.
 * Arguments are versions (20 22 24); without any, all.
 */

const root = join(__dirname, '..');
const supported = ['20', '22', '24'];
const unknown = process.argv.slice(2).filter((version) => !supported.includes(version));
if (unknown.length > 0) {
  console.error(`Node.js ${unknown.join(', ')} is not supported; choose from ${supported.join(', ')}.`);
  process.exit(2);
}
const versions = process.argv.length > 2 ? process.argv.slice(2) : supported;

function binaryOf(version: string): string {
  const name = `node-${process.platform}-${process.arch}`;
  const directory = join(root, '.cache', 'node', version);
  const binary = join(directory, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;
  mkdirSync(directory, { recursive: true });
  // Without a file of its own, npm would install into the repository.
  writeFileSync(join(directory, 'package.json'), '{ "private": true }');
  const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', `${name}@${version}`], {
    cwd: directory,
    stdio: 'inherit',
  });
  if (status !== 0 || !existsSync(binary))
    throw new Error(
      `npm has no ${name}@${version}, or cannot be reached. Without it, Node.js ${version} is not tried.`,
    );
  return binary;
}

const failed = versions.filter((version) => {
  const binary = binaryOf(version);
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  console.log(
    `\n=== Node.js ${stdout.trim()} as ${process.getuid?.() === 0 ? 'root and, with setpriv, as an ordinary user' : 'an ordinary user; as root it is not tried'}`,
  );
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(binary, [vitest, 'run', 'test/local'], {
    cwd: join(root, 'app'),
    stdio: 'inherit',
  });
  return status !== 0;
});
console.log(
  failed.length === 0 ? `passed on Node.js ${versions.join(', ')}` : `failed on Node.js ${failed.join(', ')}`,
);
process.exit(failed.length === 0 ? 0 : 1);
