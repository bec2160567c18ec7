import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asMerchant } from '../../src/db/transaction.ts';
import { described } from '../support/documents.ts';
import {
  callerFor,
  newMerchant,
  newPayment,
  type PaymentBody,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { startTestServer } from '../support/test-server.ts';
import { dispatchAll, dispatcherOf, newEndpoint } from '../support/webhooks/endpoints.ts';

let platform: TestPlatform;
let otherMerchant: string;
let tables: string[];

beforeAll(async () => {
  platform = await startPlatform();
  const other = await newMerchant(platform.database, 'Another merchant');
  otherMerchant = other.merchantId;
  for (const headers of [{}, { authorization: `Bearer ${other.apiKey}` }]) {
    await newEndpoint(platform, 'https://shop.invalid/', {}, headers);
    const response = await platform.post(
      '/payments',
      { ...newPayment, capture: 'automatic', metadata: { order: '1' } },
      headers,
    );
    const { id } = response.json<PaymentBody>();
    await platform.post('/payments', { ...newPayment, paymentToken: 'tok_decline_stolen_card' }, headers);
    await platform.post(`/payments/${id}/refunds`, { amountMinor: 100 }, headers);
    await platform.post(`/payments/${id}/documents`, described('proof'), headers);
  }
  await platform.consumeEvents();
  await dispatchAll(dispatcherOf(platform));
  const { rows } = await platform.database.superuser.query<{ name: string }>(
    `SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'payments' ORDER BY 1`,
  );
  tables = rows.map(({ name }) => name);
});
afterAll(() => platform.close());

/** The privileges of a login on each database object. */
async function powers(login: string): Promise<unknown[]> {
  const { rows } = await platform.database.superuser.query<Record<string, unknown>>(
    `SELECT n.nspname || '.' || c.relname || '.' || a.attname AS thing, p AS power FROM pg_attribute a
       JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n ON n.oid = relnamespace,
       unnest(ARRAY ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
     WHERE nspname IN ('payments', 'public') AND relkind IN ('r', 'v', 'm') AND has_column_privilege($1, c.oid, attnum, p)
     UNION ALL SELECT c.oid::regclass::text, p FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace,
       unnest(ARRAY ['DELETE', 'TRUNCATE', 'TRIGGER']) p
     WHERE nspname IN ('payments', 'public') AND relkind = 'r' AND has_table_privilege($1, c.oid, p)
     UNION ALL SELECT f.oid::regprocedure::text, 'EXECUTE' FROM pg_proc f JOIN pg_namespace n ON n.oid = pronamespace
     WHERE nspname IN ('payments', 'public') AND has_function_privilege($1, f.oid, 'EXECUTE')
     UNION ALL SELECT nspname, p FROM pg_namespace, unnest(ARRAY ['USAGE', 'CREATE']) p WHERE has_schema_privilege($1, oid, p)
     UNION ALL SELECT datname, p FROM pg_database, unnest(ARRAY ['CONNECT', 'CREATE', 'TEMPORARY']) p
     WHERE datname = current_database() AND has_database_privilege($1, oid, p)
     ORDER BY 1, 2`,
    [login],
  );
  return rows;
}

describe('the alternate login of the API', () => {
  test('has exactly the privileges of the first one', async () => {
    const first = await powers('payments_api');
    expect(first.length).toBeGreaterThan(50);
    expect(await powers('payments_api_alternate')).toEqual(first);
  });

  test('is a member of no other role and cannot assume the first one', async () => {
    const { rows } = await platform.database.superuser.query(
      `SELECT roleid::regrole::text AS role, inherit_option, set_option, admin_option FROM pg_auth_members
       WHERE member = 'payments_api_alternate'::regrole`,
    );
    expect(rows).toEqual([{ role: 'payments_api', inherit_option: true, set_option: false, admin_option: false }]);
    await expect(platform.database.alternate.query('SET ROLE payments_api')).rejects.toThrow('permission denied');
  });

  test('sees the rows of one merchant in every table, as the first one does', async () => {
    const seen = async (pool: pg.Pool, merchantId: string, table: string) =>
      asMerchant(pool, callerFor(merchantId), (client) =>
        client.query<{ merchant_id: string }>(`SELECT merchant_id, t::text FROM payments.${table} t ORDER BY 2`),
      ).then(
        ({ rows }) => rows,
        (error: unknown) => (error as Error).message,
      );
    const rowsOf = new Map<string, number>();
    for (const table of tables) {
      for (const merchantId of [platform.merchantId, otherMerchant]) {
        const rows = await seen(platform.database.alternate, merchantId, table);
        expect(rows).toEqual(await seen(platform.database.api, merchantId, table));
        if (typeof rows === 'string') continue;
        expect(new Set(rows.map((row) => row.merchant_id))).toEqual(new Set([merchantId]));
        rowsOf.set(table, rows.length);
      }
    }
    expect([...rowsOf.keys()]).toEqual([
      ...['daily_declines', 'daily_totals', 'documents', 'entries', 'idempotency_keys', 'payment_events'],
      ...['payment_metadata', 'payments', 'postings', 'refunds', 'webhook_attempts', 'webhook_deliveries'],
      'webhook_endpoints',
    ]);
  });

  test('sees no row without a merchant and cannot bypass the policies', async () => {
    const { rowCount } = await platform.database.alternate.query('SELECT FROM payments.payments');
    expect(rowCount).toBe(0);
    const around = asMerchant(platform.database.alternate, callerFor(platform.merchantId), async (client) => {
      await client.query('SET LOCAL row_security = off');
      await client.query('SELECT FROM payments.payments');
    });
    await expect(around).rejects.toThrow(/row-level security/);
  });

  test('cannot change or add rows of another merchant', async () => {
    const asFirstMerchant = (sql: string) =>
      asMerchant(platform.database.alternate, callerFor(platform.merchantId), (client) =>
        client.query(sql, [otherMerchant]),
      );
    const update = await asFirstMerchant(`UPDATE payments.payments SET description = 'mine' WHERE merchant_id = $1`);
    expect(update.rowCount).toBe(0);
    const insert = asFirstMerchant(
      `INSERT INTO payments.payments (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token)
       VALUES (gen_random_uuid(), $1, 'processing', 1, 0, 0, 'EUR', 'tok_x')`,
    );
    await expect(insert).rejects.toThrow(/row-level security/);
  });
});

test('cannot log in after the migrations, until a rotation sets its password', async () => {
  const server = await startTestServer({ databaseName: 'payments' });
  const { host, port, user, password } = server;
  const superuser = new pg.Client({ host, port, user, password, database: 'payments' });
  await superuser.connect();
  const { rows } = await superuser.query(
    `SELECT rolname, rolcanlogin, rolpassword FROM pg_authid WHERE rolname LIKE 'payments_api%' ORDER BY 1`,
  );
  await superuser.end();
  await server.stop();
  expect(rows).toEqual([
    { rolname: 'payments_api', rolcanlogin: true, rolpassword: null },
    { rolname: 'payments_api_alternate', rolcanlogin: false, rolpassword: null },
  ]);
});
