import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, type MigrationResult, schemaVersion } from '../../src/db/migrations.ts';
import { readMigrations, readSchemaFiles, type SqlFile } from '../../src/db/schema-files.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

const first: SqlFile = { name: '0001_first.sql', sql: 'CREATE TABLE public.first ()', checksum: 'a' };
const second: SqlFile = { name: '0002_second.sql', sql: 'CREATE TABLE public.second ()', checksum: 'b' };

const noFunctions = { replaced: [], dropped: [] };

let database: TestDatabase;
let clients: pg.Client[];

beforeEach(async () => {
  database = await createTestDatabase('template0');
  clients = [];
});
afterEach(async () => {
  await Promise.all(clients.map((client) => client.end()));
  await database.drop();
});

/** A connection of the administrator, as in migrate.ts. */
async function connect(): Promise<pg.Client> {
  const { host, port, name } = database;
  const client = new pg.Client({ host, port, database: name, user: 'administrator', password: 'administrator' });
  await client.connect();
  clients.push(client);
  return client;
}

/** Runs migrations as the administrator. */
async function run(...migrations: SqlFile[]): Promise<MigrationResult> {
  return migrate(await connect(), { migrations, functions: [] });
}

async function tables(): Promise<string[]> {
  const { rows } = await database.superuser.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'schema_%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

async function recorded(): Promise<string[]> {
  const { rows } = await database.superuser.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY name');
  return rows.map(({ name }) => name);
}

describe('two runs at the same time', () => {
  test('succeed, and apply each migration once', async () => {
    const gate = await connect();
    await gate.query('SELECT pg_advisory_lock(1)');
    const slow = { ...first, sql: `SELECT pg_advisory_xact_lock(1); ${first.sql}` };
    const runs = [run(slow, second), run(slow, second)];
    // One run waits within its first migration, the other one for the advisory lock.
    await eventually('both runs wait', async () => {
      const { rowCount } = await database.superuser.query(
        `SELECT FROM pg_locks JOIN pg_database ON oid = database
         WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted`,
      );
      return rowCount === 2;
    });
    await gate.query('SELECT pg_advisory_unlock(1)');
    const results = await Promise.all(runs);
    results.sort((one, other) => one.alreadyThere - other.alreadyThere);
    expect(results).toEqual([
      { applied: ['0001_first.sql', '0002_second.sql'], alreadyThere: 0, functions: noFunctions },
      { applied: [], alreadyThere: 2, functions: noFunctions },
    ]);
    expect(await recorded()).toEqual(['0001_first.sql', '0002_second.sql']);
  });

  test('create the schema of the files in an empty database', async () => {
    const files = readSchemaFiles();
    const runs = await Promise.all([migrate(await connect(), files), migrate(await connect(), files)]);
    const names = files.migrations.map(({ name }) => name);
    expect(runs.flatMap(({ applied }) => applied)).toEqual(names);
    expect(runs.flatMap(({ functions }) => functions.replaced)).toEqual(files.functions.map(({ name }) => name));
    expect(await recorded()).toEqual(names);
    // The API's login can read the version, for which the API waits before it listens.
    expect(await schemaVersion(database.api)).toBe(names.at(-1));
  });
});

describe('a file that has changed since it was applied', () => {
  test('is reported with its name and a remedy, and no later file is applied', async () => {
    await run(first);
    await expect(run({ ...first, checksum: 'changed' }, second)).rejects.toThrow(
      'Migration 0001_first.sql was changed after it was applied. Restore the file and put the change into a new migration.',
    );
    expect(await tables()).toEqual(['first']);
    expect(await recorded()).toEqual(['0001_first.sql']);
  });

  test('is detected by a single changed character', () => {
    const directory = mkdtempSync(join(tmpdir(), 'migrations-test-'));
    mkdirSync(join(directory, 'migrations'));
    const checksumOf = (sql: string) => {
      writeFileSync(join(directory, 'migrations', '0001_first.sql'), sql);
      return readMigrations(directory)[0]?.checksum;
    };
    expect(checksumOf('SELECT 1;')).toMatch(/^[0-9a-f]{64}$/);
    expect(checksumOf('SELECT 1;')).toBe(checksumOf('SELECT 1;'));
    expect(checksumOf('SELECT 1;')).not.toBe(checksumOf('SELECT 2;'));
    rmSync(directory, { recursive: true });
  });
});

describe('a migration that fails', () => {
  const broken: SqlFile = { ...second, sql: `${second.sql}; INSERT INTO nowhere VALUES (1)` };

  test('is rolled back', async () => {
    await run(first);
    const third = { ...first, name: '0003_third.sql', sql: 'CREATE TABLE public.third ()' };
    await expect(run(first, third, { ...broken, name: '0004_fourth.sql' })).rejects.toThrow(
      'Migration 0004_fourth.sql failed: relation "nowhere" does not exist',
    );
    expect(await tables()).toEqual(['first']);
    expect(await recorded()).toEqual(['0001_first.sql']);
  });

  test('is rolled back when it cannot be recorded', async () => {
    await run(first);
    await database.superuser.query(`ALTER TABLE schema_migrations ADD CHECK (name <> '0002_second.sql')`);
    await expect(run(first, second)).rejects.toThrow('Migration 0002_second.sql failed');
    expect(await tables()).toEqual(['first']);
  });

  test('does not block the next run, which applies the fixed file', async () => {
    const client = await connect();
    await expect(migrate(client, { migrations: [first, broken], functions: [] })).rejects.toThrow('nowhere');
    expect(await run(first, second)).toMatchObject({ applied: ['0001_first.sql', '0002_second.sql'] });
    expect(await tables()).toEqual(['first', 'second']);
  });
});

test('a run that deadlocks with a request is rolled back and retried', async () => {
  await run(first, second);
  const request = await database.superuser.connect();
  await request.query('BEGIN; LOCK TABLE public.second');
  const sql = 'LOCK TABLE public.first; ALTER TABLE public.second ADD COLUMN third text';
  const locking: SqlFile = { name: '0003_third.sql', sql, checksum: 'c' };
  const running = run(first, second, locking);
  await eventually('the run waits for the request', async () => {
    const { rowCount } = await database.superuser.query(
      `SELECT FROM pg_locks WHERE NOT granted AND relation = 'public.second'::regclass`,
    );
    return rowCount === 1;
  });
  await request.query('LOCK TABLE public.first; COMMIT');
  request.release();
  expect(await running).toMatchObject({ applied: ['0003_third.sql'], alreadyThere: 2 });
});

test('an older release accepts a newer schema, so that a deployment can be rolled back', async () => {
  await run(first, second);
  expect(await run(first)).toMatchObject({ applied: [], alreadyThere: 2 });
  expect(await recorded()).toEqual(['0001_first.sql', '0002_second.sql']);
});

test('reads only .sql files, in the order of their names', () => {
  const directory = mkdtempSync(join(tmpdir(), 'migrations-test-'));
  mkdirSync(join(directory, 'migrations'));
  for (const name of ['0010_last.sql', '0002_then.sql', '0001_first.sql', 'README.md'])
    writeFileSync(join(directory, 'migrations', name), '');
  expect(readMigrations(directory).map(({ name }) => name)).toEqual([
    '0001_first.sql',
    '0002_then.sql',
    '0010_last.sql',
  ]);
  rmSync(directory, { recursive: true });
});

test('the migrations of this build are numbered without gaps', () => {
  const names = readMigrations().map(({ name }) => name);
  expect(names.map((name) => name.replace(/_[a-z_]+\.sql$/, ''))).toEqual(
    names.map((_, index) => String(index + 1).padStart(4, '0')),
  );
});
