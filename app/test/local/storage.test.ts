import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openLogFile } from '../../src/local/log-files.ts';
import { storageError } from '../../src/local/storage-error.ts';
import { launch, processesOf, startReady, temporaryDataDirectory } from '../support/local-platform.ts';
import type { PaymentBody } from '../support/platform.ts';

const isRoot = process.getuid?.() === 0;
/** Whether this process may mount a tmpfs. A container may deny it even to root. */
const mounts = isRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
if (!mounts) console.warn('Skipped: the tests of a full disk need root, to mount a small volume.');

function smallVolume(mebibytes: number): string {
  const directory = join(temporaryDataDirectory(), 'volume');
  mkdirSync(directory);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=755`, 'none', directory]);
  onTestFinished(() => void spawnSync('umount', ['-l', directory]));
  return directory;
}

function fill(directory: string): string {
  const file = join(directory, 'filler');
  const { bavail, bsize } = statfsSync(directory);
  spawnSync('dd', ['if=/dev/zero', `of=${file}`, `bs=${bsize}`, `count=${bavail + 10}`]);
  return file;
}

test.skipIf(!mounts)(
  'a disk that is too small is reported with exit code 1, and no process keeps running',
  async () => {
    const directory = join(smallVolume(8), 'data');
    const launcher = launch('--port', '0', '--data-directory', directory);
    expect(await launcher.ended).toBe(1);
    expect(launcher.output).toEqual([
      expect.stringMatching(
        /cannot be written: the disk is full\. Free some space and start again; the data is kept\.$/,
      ),
    ]);
    expect(processesOf(directory)).toEqual([]);
  },
);

test.skipIf(!mounts)('a full disk stops everything in order; with free space, the data is intact', async () => {
  const directory = join(smallVolume(256), 'data');
  const first = await startReady(directory);
  const pay = () =>
    first.api<PaymentBody>('POST', '/payments', { amountMinor: 1000, currency: 'EUR', paymentToken: 'tok_approve' });
  const paid = [await pay()];
  const filler = fill(directory);
  const end = Date.now() + 60_000;
  const isOver = () => Promise.race([first.launcher.ended.then(() => true), sleep(1, false)]);
  while (!(await isOver()) && Date.now() < end) {
    await pay().then(
      (payment) => paid.push(payment),
      () => undefined,
    );
  }
  expect(await first.launcher.ended).toBe(1);
  const sentences = first.launcher.output.filter((line) => line.includes('cannot be written'));
  expect(sentences).toEqual([expect.stringContaining('the disk is full. Free some space and start again')]);
  expect(first.launcher.output.join('\n')).not.toMatch(/^\s+at /m);
  expect(processesOf(directory)).toEqual([]);

  rmSync(filler);
  const second = await startReady(directory);
  for (const { id } of paid) expect(await second.api('GET', `/payments/${id}`)).toMatchObject({ id });
  second.launcher.kill('SIGINT');
  expect(await second.launcher.ended).toBe(0);
});

test('a log that cannot be written is reported once, and later writes and close do not throw', async () => {
  const directory = temporaryDataDirectory();
  mkdirSync(join(directory, 'logs', 'api.log'), { recursive: true });
  writeFileSync(join(directory, 'logs', 'api.log', 'file'), '');
  const log = openLogFile(directory, 'api');
  log.write('one\n');
  await expect(log.failed).rejects.toThrow();
  log.write('two\n');
  await log.close();
});

test.each([
  [Object.assign(new Error('write'), { code: 'ENOSPC' }), 'the disk is full. Free some space'],
  [Object.assign(new Error('open'), { code: 'EROFS' }), 'the file system is read-only. Choose another directory'],
  [new Error('FATAL: could not write: No space left on device\nmore'), 'the disk is full.'],
])('%s is reported with reason and remedy', (error, sentence) => {
  const { message } = storageError(error, '/data');
  expect(message).toContain(`/data cannot be written: ${sentence}`);
  expect(message).not.toContain('\n');
});

test('any other error is returned unchanged', () => {
  const error = new Error('something else');
  expect(storageError(error, '/data')).toBe(error);
});

test.skipIf(isRoot && !mounts)('a directory that is not writable is reported, and nothing is started', async () => {
  const directory = join(temporaryDataDirectory(), 'closed');
  mkdirSync(directory);
  chmodSync(directory, 0o555);
  // Root may write anywhere except on a read-only volume.
  if (isRoot) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'none', directory]);
    onTestFinished(() => void spawnSync('umount', ['-l', directory]));
  }
  const launcher = launch('--port', '0', '--data-directory', directory);
  expect(await launcher.ended).toBe(1);
  expect(launcher.output).toEqual([expect.stringMatching(/cannot be written: .*\. Choose another directory/)]);
  expect(processesOf(directory)).toEqual([]);
});

test('a closed output pipe stops everything in order', async () => {
  const directory = temporaryDataDirectory();
  const command = `"${process.execPath}" --import tsx src/local/start.ts --port 0 --trace --data-directory "${directory}" | head -n 1`;
  const shell = spawn('bash', ['-c', command], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(shell, 'exit');
  const [line] = (await once(shell.stdout, 'data')) as [Buffer];
  // A request makes the platform write to the closed pipe. It fails if the platform has already noticed.
  await fetch(`${line.toString().replace('ready ', '').trim()}/api/v1/payments`).catch(() => undefined);
  await exited;
  expect(processesOf(directory)).toEqual([]);
  expect(existsSync(join(directory, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
});
