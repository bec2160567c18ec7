import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

describe.each([
  ['payments_api', 'api'],
  ['payments_api_alternate', 'alternate'],
  ['payments_worker', 'worker'],
  ['payments_drill', 'drill'],
  ['payments_key_rotation', 'keyRotation'],
] as const)('the login %s', (name, login) => {
  test.each([
    'CREATE TABLE payments.mine (id int)',
    'CREATE TABLE public.mine (id int)',
    'CREATE SCHEMA mine',
    'ALTER TABLE payments.payments DISABLE ROW LEVEL SECURITY',
    'ALTER TABLE payments.entries DISABLE TRIGGER immutable',
    'DROP POLICY own_rows ON payments.payments',
    'DROP TABLE payments.entries',
    'DROP FUNCTION payments.check_new_entries',
    'CREATE OR REPLACE FUNCTION payments.may_move(text, text) RETURNS boolean LANGUAGE sql RETURN true',
    'SET ROLE payments_owner',
    'SET session_replication_role = replica',
    'ALTER ROLE payments_worker SUPERUSER',
    `COPY (SELECT 1) TO PROGRAM 'true'`,
  ])('may not: %s', async (statement) => {
    await expect(database[login].query(statement)).rejects.toThrow(/permission denied|must be (owner|able)/);
  });

  test('has no server privileges', async () => {
    const { rows } = await database.superuser.query<Record<string, boolean>>(
      `SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = $1`,
      [name],
    );
    expect(rows.map((row) => Object.values(row))).toEqual([[false, false, false, false, false]]);
  });
});

/** The privileges of a login on tables and functions: `UPDATE payments.status`, `EXECUTE consume_event(uuid, …)`. */
async function rightsOf(login: string): Promise<string[]> {
  const { rows } = await database.superuser.query<{ granted: string }>(
    `WITH privileges AS (
       SELECT relname, attname, privilege, has_column_privilege($1, c.oid, attname, privilege) AS granted
       FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = c.oid AND attnum > 0,
         (VALUES ('SELECT'), ('INSERT'), ('UPDATE'), ('REFERENCES')) AS privileges (privilege)
       WHERE nspname = 'payments' AND relkind IN ('r', 'v', 'm')
     )
     SELECT privilege || ' ' || relname || CASE WHEN bool_and(granted) THEN ''
       ELSE ' (' || string_agg(attname, ', ' ORDER BY attname) FILTER (WHERE granted) || ')' END AS granted
     FROM privileges GROUP BY relname, privilege HAVING bool_or(granted)
     UNION ALL
     SELECT 'EXECUTE ' || proname || '/' || pronargs FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname = 'payments' AND has_function_privilege($1, pg_proc.oid, 'EXECUTE')
     UNION ALL
     SELECT 'DELETE ' || relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname = 'payments' AND relkind = 'r' AND has_table_privilege($1, c.oid, 'DELETE, TRUNCATE')
     ORDER BY granted`,
    [login],
  );
  return rows.map(({ granted }) => granted);
}

/** The functions outside pg_catalog that a login may execute, including those granted to PUBLIC. */
async function executableBy(login: string): Promise<string[]> {
  const { rows } = await database.superuser.query<{ name: string }>(
    `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname NOT IN ('pg_catalog', 'information_schema') AND has_function_privilege($1, p.oid, 'EXECUTE')
     ORDER BY 1`,
    [login],
  );
  return rows.map(({ name }) => name.replace(/^payments\.|\(.*/g, ''));
}

/** The functions that the statements in the bundle of a process call. */
async function calledByCode(entryPoint: string): Promise<string[]> {
  const bundle = await build({
    entryPoints: [`src/${entryPoint}.ts`],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const names = bundle.outputFiles.flatMap(({ text }) =>
    [...text.matchAll(/payments\.([a-z_]+)/g)].map(([, name]) => name),
  );
  const { rows } = await database.superuser.query<{ name: string }>(
    `SELECT DISTINCT proname::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname = 'payments' AND proname = ANY ($1)`,
    [names],
  );
  return rows.map(({ name }) => name);
}

/** The functions that triggers call with the privileges of a login. */
async function calledByTriggers(login: string): Promise<string[]> {
  const { rows } = await database.superuser.query<{ name: string }>(
    `SELECT DISTINCT called.proname::text AS name
     FROM pg_trigger t JOIN pg_proc fired ON fired.oid = tgfoid JOIN pg_proc called ON strpos(fired.prosrc, format('payments.%I(', called.proname)) > 0
     WHERE NOT tgisinternal AND NOT fired.prosecdef AND called.pronamespace = 'payments'::regnamespace
       AND (has_any_column_privilege($1, tgrelid, 'INSERT, UPDATE') OR has_table_privilege($1, tgrelid, 'DELETE, TRUNCATE'))`,
    [login],
  );
  return rows.map(({ name }) => name);
}

test.each([
  { login: 'payments_api', entryPoint: 'server', withheld: [] },
  { login: 'payments_api_alternate', entryPoint: 'server', withheld: [] },
  // It shares code with the API, but creates no payments and sends poison events to the dead-letter queue.
  { login: 'payments_worker', entryPoint: 'worker', withheld: ['begin_payments', 'park_event'] },
  { login: 'payments_key_rotation', entryPoint: 'api-key-rotation', withheld: [] },
  { login: 'payments_drill', entryPoint: 'restore-drill', withheld: [] },
])('the login $login may execute exactly the functions that $entryPoint calls', async (process) => {
  const { login, entryPoint, withheld } = process;
  const called = new Set([...(await calledByCode(entryPoint)), ...(await calledByTriggers(login))]);
  for (const name of withheld) expect(called.delete(name)).toBe(true);
  expect(await executableBy(login)).toEqual([...called].sort());
});

test('every function has a caller: a process, a trigger or an operator', async () => {
  const { rows } = await database.superuser.query<{ name: string }>(
    `SELECT proname::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname = 'payments' AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = p.oid)`,
  );
  const logins = ['payments_api', 'payments_worker', 'payments_key_rotation', 'payments_drill'];
  const executable = (await Promise.all(logins.map(executableBy))).flat();
  // The administrator calls unpark_events, see the runbook.
  expect(rows.map(({ name }) => name).filter((name) => !executable.includes(name))).toEqual(['unpark_events']);
});

test('the login payments_worker may only finish payments and consume events', async () => {
  expect(await rightsOf('payments_worker')).toEqual([
    'EXECUTE begin_challenge/4',
    'EXECUTE consume_events/1',
    'EXECUTE decide_challenge/2',
    'EXECUTE finish_operations/1',
    'EXECUTE require_action/8',
    'SELECT idempotency_keys',
    'SELECT payments',
    'UPDATE idempotency_keys (leased_until)',
  ]);
});

test('the login payments_key_rotation may only add, look up and revoke keys', async () => {
  expect(await rightsOf('payments_key_rotation')).toEqual([
    'EXECUTE add_rotated_key/3',
    'EXECUTE is_rotated_key_valid/1',
    'EXECUTE revoke_rotated_key/1',
  ]);
});

test('the login payments_drill may only read the tables of the drill, without secrets', async () => {
  const { rows } = await database.superuser.query<{ readable: string }>(
    `SELECT relname || '.' || attname AS readable
     FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE nspname = 'payments' AND relkind = 'r' AND attnum > 0 AND has_column_privilege('payments_drill', attrelid, attnum, 'SELECT')`,
  );
  const readable = rows.map((row) => row.readable);
  expect(new Set(readable.map((name) => name.split('.')[0]))).toEqual(
    new Set([
      'merchants',
      'payments',
      'payment_events',
      'refunds',
      'documents',
      'postings',
      'entries',
      'ledger_blocks',
    ]),
  );
  expect(readable.filter((name) => /token|hash|name|reference|description|reason|detail|acquirer/.test(name))).toEqual(
    [],
  );
  const { rows: more } = await database.superuser.query(
    `SELECT relname::text FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname = 'payments' AND relkind = 'r'
       AND (has_any_column_privilege('payments_drill', pg_class.oid, 'INSERT, UPDATE') OR has_table_privilege('payments_drill', pg_class.oid, 'DELETE, TRUNCATE'))
     UNION ALL
     SELECT proname::text FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname = 'payments' AND has_function_privilege('payments_drill', pg_proc.oid, 'EXECUTE') ORDER BY relname`,
  );
  // They read the chains of the ledger, and return ids and digests.
  expect(more).toEqual([{ relname: 'chained_rows' }, { relname: 'list_blocks' }]);
});
