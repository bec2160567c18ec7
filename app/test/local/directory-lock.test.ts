import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fork } from 'node:child_process';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { lockDirectory } from '../../src/local/directory-lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'directory-lock-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** A process that tries to lock, reports the result and holds the lock until it is killed. */
async function contender(path: string) {
  const module = JSON.stringify(new URL('../../src/local/directory-lock.ts', import.meta.url).href);
  const file = join(directory, `contender-${readdirSync(directory).length}.mts`);
  writeFileSync(
    file,
    `import { lockDirectory } from ${module};
     process.on('message', () => void lockDirectory(${JSON.stringify(path)}).then(
       () => process.send?.('locked'), (error: Error) => process.send?.(error.message)));
     process.send?.('ready');`,
  );
  const child = fork(file, { execArgv: ['--import', import.meta.resolve('tsx')], env: { PATH: '' } });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'message');
  const lock = async () => {
    child.send('lock');
    return String((await once(child, 'message'))[0]);
  };
  const end = async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { pid: child.pid, lock, end };
}

test('a second process receives the id of the first, and the lock after a kill -9 of the first', async () => {
  const path = join(directory, 'data');
  mkdirSync(path);
  const [first, second] = [await contender(path), await contender(path)];
  expect(await first.lock()).toBe('locked');
  expect(await second.lock()).toBe(
    `${path} is in use by process ${first.pid}. Stop that process, or choose another directory with --data-directory.`,
  );
  await first.end();
  expect(await second.lock()).toBe('locked');
  expect(readdirSync(path)).toEqual([expect.stringMatching(`^lock-${second.pid}-`)]);
});

test('ten concurrent processes never hold it at the same time', async () => {
  const path = join(directory, 'data');
  mkdirSync(path);
  const contenders = await Promise.all(Array.from({ length: 10 }, () => contender(path)));
  for (let round = 0; round < 3; round += 1) {
    const results = await Promise.all(contenders.map(({ lock }) => lock()));
    const holders = results.filter((result) => result === 'locked').length;
    expect(holders).toBeLessThanOrEqual(1);
    if (holders === 1) break;
  }
});

test('a released lock leaves no file', async () => {
  const lock = await lockDirectory(directory);
  await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${process.pid}`);
  await lock.release();
  expect(readdirSync(directory)).toEqual([]);
  await (await lockDirectory(directory)).release();
});

test('the path of the directory may exceed the limit of a socket path', async () => {
  const path = join(directory, ...Array.from({ length: 20 }, () => 'twelve-bytes'));
  mkdirSync(path, { recursive: true });
  const lock = await lockDirectory(path);
  await expect(lockDirectory(path)).rejects.toThrow('is in use');
  await lock.release();
  expect(readdirSync(path)).toEqual([]);
});
