import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/local/embedded-postgres.ts';
import { unprivilegedAccount } from '../../src/local/postgres-programs.ts';
import { withConnection } from '../../src/db/with-connection.ts';

function temporaryDirectory(): string {
  const work = mkdtempSync(join(tmpdir(), 'leftover-postgres-'));
  chmodSync(work, 0o755);
  onTestFinished(() => {
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  });
  return join(work, 'postgres');
}

async function start(directory: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ directory });
  onTestFinished(() => postgres.stop());
  return postgres;
}

function query({ host, port, user, password }: EmbeddedPostgres, text: string): Promise<pg.QueryResult> {
  return withConnection({ host, port, user, password, database: 'postgres' }, (client) => client.query(text));
}

const postmasterFile = (directory: string) => join(directory, 'data', 'postmaster.pid');

test('stops a leftover server and keeps its data, without ps or lsof', async () => {
  const directory = temporaryDirectory();
  const first = await start(directory);
  await query(first, 'CREATE TABLE kept AS SELECT 1 AS one');
  const { PATH } = process.env;
  process.env['PATH'] = '';
  onTestFinished(() => {
    process.env['PATH'] = PATH;
  });
  // Root runs `id` to find the user of the server.
  if (process.getuid?.() === 0) process.env['PATH'] = PATH;
  const second = await start(directory);
  await expect(first.ended).rejects.toThrow('PostgreSQL exited unexpectedly');
  expect((await query(second, 'TABLE kept')).rows).toEqual([{ one: 1 }]);
});

test('a process with the id of an earlier server is not stopped and does not prevent a start', async () => {
  const directory = temporaryDirectory();
  const first = await start(directory);
  const stale = readFileSync(postmasterFile(directory), 'utf8').split('\n');
  await first.stop();
  const stranger: ChildProcess = spawn('sleep', ['60'], { ...unprivilegedAccount() });
  onTestFinished(() => void stranger.kill());
  writeFileSync(postmasterFile(directory), [String(stranger.pid), ...stale.slice(1)].join('\n'));
  await query(await start(directory), 'SELECT 1');
  expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
});

test('waits for child processes of a killed server that still use the data', async () => {
  const directory = temporaryDirectory();
  const first = await start(directory);
  await query(first, 'CREATE TABLE busy (n int)');
  const busy = new pg.Client({ ...first, database: 'postgres' });
  busy.on('error', () => undefined);
  await busy.connect();
  const { rows } = await busy.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const pid = rows[0]?.pid ?? 0;
  // A busy process does not notice that its parent is gone.
  const computing = busy.query('SELECT count(*) FROM generate_series(1, 20000000) n').catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 200));
  process.kill(Number(readFileSync(postmasterFile(directory), 'utf8').split('\n')[0]), 'SIGKILL');
  await first.ended.catch(() => undefined);
  const alive = () => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ')[2] !== 'Z';
    } catch {
      return false;
    }
  };
  expect(alive()).toBe(true);
  const second = await start(directory);
  expect(alive()).toBe(false);
  await computing;
  await query(second, 'INSERT INTO busy VALUES (1)');
});
