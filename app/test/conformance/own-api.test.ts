import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clauses } from '../../conformance/clauses.ts';
import { startNode } from '../support/child-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { listeningAddress, serverEnvironment } from '../support/server-process.ts';

const appDirectory = fileURLToPath(new URL('../..', import.meta.url));

let root: string;
let directory: string;
let database: TestDatabase;

/** The content of the image, readable by user 65532. */
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'conformance-own-'));
  chmodSync(root, 0o755);
  directory = join(root, 'app');
  execFileSync('node', ['--import', 'tsx', 'build.ts', directory], { cwd: appDirectory, stdio: 'pipe' });
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(root, { recursive: true });
});

/** Writes an environment file with a world-readable password file. */
function environmentFile(name: string, changes: Readonly<Record<string, string>>, password: string): string {
  const [file, passwordFile] = [join(root, `${name}.env`), join(root, `${name}.password`)];
  writeFileSync(passwordFile, password);
  const { PORT: _port, ...given } = serverEnvironment(database);
  const variables = { ...given, ...changes, DATABASE_PASSWORD_FILE: passwordFile };
  const lines = Object.entries(variables).map(([variable, value]) => `${variable}=${value}`);
  writeFileSync(file, ['# for this test', '', ...lines].join('\n'));
  return file;
}

/** The numbers of the clauses with an outcome. */
function clausesThat(outcome: string, lines: readonly string[]): number[] {
  return lines.filter((line) => line.slice(4).startsWith(outcome)).map((line) => Number(line.slice(0, 2)));
}

test('the API passes every clause that can be checked here', async () => {
  const asAdministrator = { DATABASE_USER: 'administrator' };
  const options = {
    command: 'node "server.js"',
    directory,
    env: environmentFile('server', { SHUTDOWN_GRACE_SECONDS: '25' }, 'api'),
    migrate: 'node migrate.js',
    'migrate-env': environmentFile('migrate', asAdministrator, 'administrator'),
    'health-check': 'node health-check.js',
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  const process = startNode(['--import', 'tsx', '../bin/conformance.mts', ...args]);
  const exit = await process.ended;
  const lines = process.output.filter((line) => /^[ \d]\d {2}/.test(line));
  expect(clausesThat('failed', lines), process.output.join('\n')).toEqual([]);
  // It listens on 127.0.0.1, and there is neither AWS nor the image.
  expect(clausesThat('not checkable', lines)).toEqual([2, 12, 27]);
  expect(clausesThat('passed', lines)).toEqual(
    clauses.map(({ clause }) => clause).filter((n) => ![2, 12, 27].includes(n)),
  );
  expect(process.output.at(-1)).toBe('24 passed, 0 failed, 3 not checkable');
  expect(exit).toBe(0);
});

test('with --url, checks what is visible from outside and lists the rest', async () => {
  const service = startNode(['server.js'], { directory, environment: { ...serverEnvironment(database), PORT: '0' } });
  const url = await listeningAddress(service);
  const process = startNode(['--import', 'tsx', '../bin/conformance.mts', '--url', url]);
  expect(await process.ended).toBe(0);
  expect(clausesThat('passed', process.output)).toEqual([4, 6, 7, 14, 15, 16, 17]);
  expect(clausesThat('failed', process.output)).toEqual([]);
  expect(process.output).toContain(
    ' 1  not checkable  Listens on the port that PORT names: needs --command instead of --url',
  );
  expect(process.output.at(-1)).toBe('7 passed, 0 failed, 20 not checkable');
  expect(service.output.join('\n')).not.toContain('shutting down');
});
