import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildSite } from '../../src/local/site-build.ts';
import { processesOf, temporaryDataDirectory } from '../support/local-platform.ts';

const start = join(import.meta.dirname, '../../src/local/start.ts');
const isRoot = process.getuid?.() === 0;
const as = (uid: string) => ['/usr/bin/setpriv', '--reuid', uid, '--regid', uid, '--clear-groups'];
/** Whether root can run this Node.js with the checkout as another user. */
const canSwitch =
  isRoot && spawnSync('env', [...as('54321'), process.execPath, '--eval', `fs.readFileSync('${start}')`]).status === 0;
if (!canSwitch)
  console.warn('Skipped: the tests as another user need root, setpriv and a checkout that others can read.');

/** Runs the platform until it is ready or exits. Returns its output lines. */
async function run(
  prefix: readonly string[],
  directory: string | undefined,
  environment: NodeJS.ProcessEnv = { PATH: process.env['PATH'] },
): Promise<string[]> {
  const node = [process.execPath, '--import', import.meta.resolve('tsx'), start, '--port', '0'];
  const where = directory === undefined ? [] : ['--data-directory', directory];
  const child = spawn('/usr/bin/env', [...prefix, ...node, ...where], { env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready ')) child.kill('SIGINT');
    });
  }
  await once(child, 'close');
  return output.trim().split('\n');
}

function directoryOf(uid: number): string {
  const directory = join(temporaryDataDirectory(), 'data');
  mkdirSync(directory);
  chownSync(directory, uid, uid);
  return directory;
}

test.skipIf(!canSwitch)('a user id without a name is reported with the remedy', async () => {
  const directory = directoryOf(54_321);
  expect(await run(as('54321'), directory)).toEqual([
    'User id 54321 has no name on this machine, and PostgreSQL needs one to create a database. ' +
      'Add the id to /etc/passwd, or start as a user that has a name.',
  ]);
  expect(processesOf(directory)).toEqual([]);
});

test.skipIf(!canSwitch)('an ordinary user can start it, without ps, lsof or any other program', async () => {
  const directory = directoryOf(65_534);
  expect((await run(as('65534'), directory, { PATH: dirname(process.execPath) }))[0]).toMatch(/^ready http/);
  expect(processesOf(directory)).toEqual([]);
});

test.skipIf(!canSwitch)('a read-only checkout is reported with the remedy', async () => {
  expect(await run(as('65534'), undefined)).toEqual([
    expect.stringMatching(
      /^\/\S+ cannot be written: this user may not write there\. Choose another directory with --data-directory\.$/,
    ),
  ]);
});

test('the current user can start it without ps and lsof', async () => {
  const directory = temporaryDataDirectory();
  const programs = join(directory, 'bin');
  mkdirSync(programs);
  symlinkSync(process.execPath, join(programs, 'node'));
  expect((await run([], join(directory, 'data'), { PATH: programs }))[0]).toMatch(/^ready http/);
});

test.each([
  ['checkout#1', 'because the path contains # or ?'],
  ['checkout?', 'because the path contains # or ?'],
])('a console that cannot be built in the checkout %s is reported with the reason', (name, reason) => {
  const work = mkdtempSync(join(tmpdir(), 'machines-'));
  onTestFinished(() => {
    rmSync(work, { recursive: true });
  });
  mkdirSync(join(work, name, 'frontend', 'src'), { recursive: true });
  writeFileSync(join(work, name, 'frontend', 'package.json'), '{}');
  chmodSync(work, 0o755);
  expect(() => buildSite(join(work, name), () => undefined)).toThrow(reason);
});
