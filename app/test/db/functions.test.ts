import { createHash } from 'node:crypto';
import type pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate, type MigrationResult } from '../../src/db/migrations.ts';
import { readSchemaFiles, type SqlFile } from '../../src/db/schema-files.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const schema = sqlFile('0001_schema.sql', 'CREATE SCHEMA payments; CREATE TABLE payments.notes (text text)');

let database: TestDatabase;
let administrator: pg.PoolClient;

beforeEach(async () => {
  database = await createTestDatabase('template0');
  administrator = await database.administrator.connect();
});
afterEach(async () => {
  administrator.release();
  await database.drop();
});

function sqlFile(name: string, sql: string): SqlFile {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

/** A function without parameters that returns a number. */
function answering(number: number, name = 'answer'): SqlFile {
  return sqlFile(
    name,
    `CREATE OR REPLACE FUNCTION payments.${name}() RETURNS integer LANGUAGE sql AS 'SELECT ${number}'`,
  );
}

async function apply(functions: readonly SqlFile[], ...migrations: SqlFile[]): Promise<MigrationResult> {
  return migrate(administrator, { migrations: [schema, ...migrations], functions });
}

/** The functions of the schema and their recorded names. */
async function stored(): Promise<{ functions: string[]; recorded: string[] }> {
  const { rows: functions } = await database.superuser.query<{ name: string }>(
    `SELECT replace(p.oid::regprocedure::text, 'payments.', '') AS name
     FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'payments' ORDER BY 1`,
  );
  const { rows: recorded } = await database.superuser.query<{ name: string }>(
    'SELECT name FROM schema_functions ORDER BY name',
  );
  return { functions: functions.map(({ name }) => name), recorded: recorded.map(({ name }) => name) };
}

async function valueOf<Value>(expression: string): Promise<Value | undefined> {
  const { rows } = await database.superuser.query<{ value: Value }>(`SELECT ${expression} AS value`);
  return rows[0]?.value;
}

describe('a function', () => {
  test('is created, and not replaced while its text is unchanged', async () => {
    expect((await apply([answering(1)])).functions).toEqual({ replaced: ['answer'], dropped: [] });
    expect(await valueOf('payments.answer()')).toBe(1);
    expect((await apply([answering(1)])).functions).toEqual({ replaced: [], dropped: [] });
  });

  test('is replaced when its text changes, and keeps its OID', async () => {
    await apply([answering(1)]);
    const identity = await valueOf(`'payments.answer()'::regprocedure::oid`);
    expect((await apply([answering(2)])).functions).toEqual({ replaced: ['answer'], dropped: [] });
    expect(await valueOf('payments.answer()')).toBe(2);
    expect(await valueOf(`'payments.answer()'::regprocedure::oid`)).toBe(identity);
    expect((await apply([answering(2)])).functions).toEqual({ replaced: [], dropped: [] });
  });

  test('loses the grants of an earlier text', async () => {
    const { sql } = answering(1);
    await apply([
      sqlFile('answer', `${sql}; GRANT EXECUTE ON FUNCTION payments.answer TO payments_api, payments_worker`),
    ]);
    await apply([
      sqlFile(
        'answer',
        `${sql}; REVOKE ALL ON FUNCTION payments.answer FROM PUBLIC; GRANT EXECUTE ON FUNCTION payments.answer TO payments_worker`,
      ),
    ]);
    const may = (login: string) => valueOf(`has_function_privilege('${login}', 'payments.answer()', 'EXECUTE')`);
    expect([await may('payments_api'), await may('payments_worker')]).toEqual([false, true]);
  });

  test('is created after the functions that it calls', async () => {
    const caller = sqlFile(
      'asking',
      `CREATE OR REPLACE FUNCTION payments.asking() RETURNS integer LANGUAGE sql AS 'SELECT payments.responding()'`,
    );
    await apply([caller, answering(3, 'responding')]);
    expect(await valueOf('payments.asking()')).toBe(3);
  });

  test('is applied after the migrations of its release', async () => {
    const counting = sqlFile(
      'counting',
      `CREATE OR REPLACE FUNCTION payments.counting() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM payments.later'`,
    );
    await apply([counting], sqlFile('0002_later.sql', 'CREATE TABLE payments.later ()'));
    expect(await valueOf('payments.counting()::text')).toBe('0');
  });
});

describe('a function without a file', () => {
  test('is dropped', async () => {
    await apply([answering(1), answering(2, 'other')]);
    expect((await apply([answering(1)])).functions).toEqual({ replaced: [], dropped: ['other'] });
    expect(await stored()).toEqual({ functions: ['answer()'], recorded: ['answer'] });
  });

  const triggerFunction = sqlFile(
    'watch',
    `CREATE OR REPLACE FUNCTION payments.watch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
     CREATE OR REPLACE TRIGGER watch BEFORE INSERT ON payments.notes FOR EACH ROW EXECUTE FUNCTION payments.watch()`,
  );

  test('is not dropped while a trigger uses it', async () => {
    await apply([triggerFunction]);
    await expect(apply([])).rejects.toThrow('Function watch failed: cannot drop function payments.watch()');
    expect(await stored()).toEqual({ functions: ['watch()'], recorded: ['watch'] });
  });

  test('is dropped with its trigger by a release whose migration drops the trigger', async () => {
    await apply([triggerFunction]);
    await apply([], sqlFile('0002_trigger.sql', 'DROP TRIGGER watch ON payments.notes'));
    expect(await stored()).toEqual({ functions: [], recorded: [] });
  });

  test('is kept by an older release in the database of a newer one', async () => {
    const newer = sqlFile('0002_newer.sql', 'CREATE TABLE payments.newer ()');
    await apply([answering(2), answering(3, 'added')], newer);
    expect((await apply([answering(1)])).functions).toEqual({ replaced: [], dropped: [] });
    expect(await valueOf('payments.answer() + payments.added()')).toBe(5);
  });
});

describe('a function whose signature changes', () => {
  test.each([
    ['an added parameter with a default', 'added integer DEFAULT 0', 'integer', 'SELECT 2', 'answer(integer)'],
    ['another result', '', 'TABLE (one integer, other integer)', 'SELECT 2, 3', 'answer()'],
  ])('is replaced: %s', async (_change, parameters, result, body, signature) => {
    await apply([answering(1)]);
    const changed = `CREATE OR REPLACE FUNCTION payments.answer(${parameters}) RETURNS ${result} LANGUAGE sql AS '${body}'`;
    expect((await apply([sqlFile('answer', changed)])).functions.replaced).toEqual(['answer']);
    expect(await stored()).toEqual({ functions: [signature], recorded: ['answer'] });
    expect(await valueOf('(payments.answer())::text')).toContain('2');
  });
});

describe('an invalid file', () => {
  test.each([
    ['defines another function', answering(1, 'other').sql, 'defines 0'],
    [
      'defines two functions of its name',
      `${answering(1).sql}; CREATE FUNCTION payments.answer(text) RETURNS integer LANGUAGE sql AS 'SELECT 1'`,
      'defines 2: payments.answer(), payments.answer(text)',
    ],
  ])('is rejected because it %s', async (_fault, sql, message) => {
    await expect(apply([sqlFile('answer', sql)])).rejects.toThrow(
      `functions/answer.sql must define one function payments.answer; it ${message}`,
    );
  });

  test('is reported by its name and rolls back the migrations of its release', async () => {
    await apply([answering(1)]);
    const broken = sqlFile(
      'broken',
      `CREATE FUNCTION payments.broken() RETURNS integer LANGUAGE sql AS 'SELECT nothing'`,
    );
    const run = apply([answering(2), broken], sqlFile('0002_more.sql', 'CREATE TABLE payments.more ()'));
    await expect(run).rejects.toThrow('Function broken failed: column "nothing" does not exist');
    expect(await valueOf(`to_regclass('payments.more')`)).toBeNull();
    expect(await valueOf('payments.answer()')).toBe(1);
    expect(await stored()).toEqual({ functions: ['answer()'], recorded: ['answer'] });
  });
});

describe('the functions of this build', () => {
  beforeEach(async () => {
    await migrate(administrator, readSchemaFiles());
  });

  test('are the functions of the schema', async () => {
    const names = readSchemaFiles().functions.map(({ name }) => name);
    const { functions, recorded } = await stored();
    expect(functions.map((signature) => signature.replace(/\(.*/, ''))).toEqual(names);
    expect(recorded).toEqual(names);
  });

  test('belong to the owner of the schema, and PUBLIC may execute none', async () => {
    const { rows } = await database.superuser.query(
      `SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
       WHERE nspname = 'payments' AND (proowner <> 'payments_owner'::regrole
         OR EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0))`,
    );
    expect(rows).toEqual([]);
  });

  test('ignore the search_path of the caller', async () => {
    const { rows } = await database.superuser.query(
      `SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
       WHERE nspname = 'payments' AND prosqlbody IS NULL
         AND NOT coalesce(proconfig, '{}') @> ARRAY ['search_path=pg_catalog, pg_temp']`,
    );
    expect(rows).toEqual([]);
  });
});
