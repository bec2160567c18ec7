import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

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

  test('has no power over the server', async () => {
    const { rows } = await database.superuser.query<Record<string, boolean>>(
      `SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication FROM pg_roles WHERE rolname = $1`,
      [name],
    );
    expect(rows.map((row) => Object.values(row))).toEqual([[false, false, false, false, false]]);
  });
});

/** What a login may do with the tables and functions of the schema: `UPDATE payments.status`, `EXECUTE consume_event(uuid, …)`. */
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

test('the login payments_worker may end a payment and consume an event, and nothing else', async () => {
  expect(await rightsOf('payments_worker')).toEqual([
    'EXECUTE consume_events/1',
    'EXECUTE finish_operations/2',
    'SELECT idempotency_keys',
    'SELECT payments',
    'UPDATE idempotency_keys (leased_until)',
  ]);
});

test('the login payments_key_rotation adds, looks up and revokes keys, and nothing else', async () => {
  expect(await rightsOf('payments_key_rotation')).toEqual([
    'EXECUTE add_rotated_key/3',
    'EXECUTE merchants_of/2',
    'EXECUTE revoke_rotated_key/1',
  ]);
});

test('the login payments_drill reads what a drill counts, writes nothing, calls no function, and sees no secret', async () => {
  const { rows } = await database.superuser.query<{ readable: string }>(
    `SELECT relname || '.' || attname AS readable
     FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid
     WHERE nspname = 'payments' AND relkind = 'r' AND attnum > 0 AND has_column_privilege('payments_drill', attrelid, attnum, 'SELECT')`,
  );
  const readable = rows.map((row) => row.readable);
  expect(new Set(readable.map((name) => name.split('.')[0]))).toEqual(
    new Set(['merchants', 'payments', 'payment_events', 'refunds', 'documents', 'postings', 'entries']),
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
     WHERE nspname = 'payments' AND has_function_privilege('payments_drill', pg_proc.oid, 'EXECUTE')`,
  );
  expect(more).toEqual([]);
});
