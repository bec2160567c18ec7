import { spawnSync } from 'node:child_process';

const command = ['-m', 'unittest', 'discover', '--start-directory', 'tests', '--top-level-directory', '.'];

/**
 * The tests of the emulator's own parts, by Python's runner.
 *
 * @throws what the runner says when one fails, or when it has found none
 */
export function ownTests(): Promise<string> {
  const { status, stderr } = spawnSync('python3', command, { cwd: __dirname, encoding: 'utf8' });
  const [, count] = /^Ran (\d+) tests? /m.exec(stderr) ?? [];
  if (status !== 0 || !Number(count)) return Promise.reject(new Error(stderr));
  return Promise.resolve(`${count ?? ''} passed`);
}
