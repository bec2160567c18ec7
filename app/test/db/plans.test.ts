import { randomUUID } from 'node:crypto';
import pg, { type PoolClient } from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pageOfPayments } from '../../src/payments/payment-repository.ts';
import type { MerchantQuery } from '../../src/db/merchant-query.ts';
import { pageOfRefunds } from '../../src/payments/refund-repository.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let client: PoolClient;
beforeEach(async () => {
  database = await createTestDatabase();
  client = await database.superuser.connect();
});
afterEach(async () => {
  client.release();
  await database.drop();
});

/** Payments of a merchant with an idempotency key and two outbox entries each: finished, or waiting for the acquirer. */
const add = (payments: number, done: boolean) => `
  WITH merchant AS (INSERT INTO payments.merchants (id, name) SELECT id, id::text FROM gen_random_uuid() AS id RETURNING id), payment AS (
    INSERT INTO payments.payments
      (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token, pending_operation)
    SELECT gen_random_uuid(), id, 'processing', 5, 0, 0, 'EUR', 'tok_approve', CASE WHEN NOT ${done} THEN gen_random_uuid() END
    FROM merchant, generate_series(1, ${payments}) RETURNING id, merchant_id, pending_operation
  ), key AS (
    INSERT INTO payments.idempotency_keys
      (merchant_id, key, operation_id, request_hash, recovery_point, operation, response_status, response, finished_at)
    SELECT merchant_id, id, coalesce(pending_operation, gen_random_uuid()), sha256(''), CASE WHEN ${done} THEN 'finished' ELSE 'prepared' END,
      '{}', CASE WHEN ${done} THEN 201 END, CASE WHEN ${done} THEN '{}'::json END, CASE WHEN ${done} THEN now() END
    FROM payment
  )
  INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, delivered_at)
  SELECT gen_random_uuid(), merchant_id, id, 'payment.captured', '{"amountMinor": 5, "currency": "EUR", "detail": null}',
    CASE WHEN ${done} THEN now() END
  FROM payment, generate_series(1, 2);`;
const tables = ['payments', 'idempotency_keys', 'payment_events', 'outbox', 'event_receipts', 'daily_totals'];
const analyse = tables.map((table) => `ANALYZE payments.${table};`).join('');
const vacuum = tables.map((table) => `VACUUM ANALYZE payments.${table}`);

/** Some pending events, as the consumer passes them. */
const someEvents = `
  SELECT jsonb_agg(jsonb_build_object('id', id, 'merchant_id', merchant_id, 'payment_id', payment_id, 'type', type,
    'created_at', created_at, 'currency', 'EUR', 'amount_minor', 5))
  FROM (SELECT * FROM payments.outbox WHERE delivered_at IS NULL LIMIT 20) AS waiting`;
/** Some new payments, as the API creates them. */
const newPayments = `
  SELECT jsonb_agg(jsonb_build_object('merchant_id', id, 'key', gen_random_uuid(), 'operation_id', gen_random_uuid(), 'operation', '{}'::jsonb,
    'request_hash', repeat('00', 32), 'correlation_id', gen_random_uuid(), 'payment_id', gen_random_uuid(), 'event_id', gen_random_uuid(),
    'status', 'processing', 'amount_minor', 5, 'captured_minor', 0, 'refunded_minor', 0, 'currency', 'EUR', 'payment_token', 'tok_approve'))
  FROM (SELECT id FROM payments.merchants LIMIT 1) AS merchant, generate_series(1, 20)`;
/** The decisions of the acquirer about some payments. */
const someOutcomes = `
  SELECT jsonb_agg(jsonb_build_object('merchant_id', merchant_id, 'key', key, 'operation_id', operation_id, 'payment_id', key,
    'correlation_id', gen_random_uuid(), 'currency', 'EUR', 'status', 'authorized', 'response_status', 201, 'response', '{}'::json,
    'events', jsonb_build_array(jsonb_build_object('id', gen_random_uuid(), 'type', 'payment.authorized', 'amount_minor', 5))))
  FROM (SELECT * FROM payments.idempotency_keys WHERE recovery_point = 'prepared' LIMIT 20) AS asked`;

/** The statements for many payments, with parameters for twenty. */
const statements = {
  begin: [newPayments, 'SELECT payments.begin_payments($1::jsonb)'],
  finish: [someOutcomes, 'SELECT payments.finish_operations($1::json)'],
  take: [someEvents, `SELECT payments.take_from_outbox(jsonb_array_length($1::jsonb), interval '30 seconds')`],
  mark: [
    someEvents,
    `SELECT payments.mark_delivered(ARRAY(SELECT (event->>'id')::uuid FROM jsonb_array_elements($1::jsonb) AS event))`,
  ],
  consume: [someEvents, `SELECT payments.consume_events($1::jsonb)`],
} as const;

/** The number of rows and index entries that this connection has read. */
async function readSoFar(): Promise<number> {
  const { rows } = await client.query<{ reads: string }>(
    `SELECT sum(pg_stat_get_xact_tuples_returned(oid)) AS reads FROM pg_class WHERE relnamespace = 'payments'::regnamespace`,
  );
  return Number(rows[0]?.reads);
}

/** The number of reads of each statement, which is rolled back. */
async function readsOfEach(): Promise<Record<string, number>> {
  const reads: Record<string, number> = {};
  for (const [name, [given, statement]] of Object.entries(statements)) {
    const { rows } = await client.query<{ given: string }>(`SELECT coalesce((${given}), '[]')::text AS given`);
    await client.query('BEGIN');
    const before = await readSoFar();
    await client.query(statement, [rows[0]?.given]);
    reads[name] = (await readSoFar()) - before;
    await client.query('ROLLBACK');
  }
  return reads;
}

test.each([
  ['were empty and never looked at', []],
  ['were looked at while they were empty', vacuum],
  ['held one payment', [add(1, false) + analyse]],
  ['held much that is delivered, and some that waits', [add(5000, true) + add(500, false) + analyse]],
  ['held nothing but what waits', [add(1000, false) + analyse]],
  ['held nothing but what is delivered', [add(1000, true) + analyse]],
  ['held much and had never been looked at', [add(1000, false)]],
])(
  'with plans from when the tables %s, no statement reads more rows than it needs',
  async (_situation, preparation) => {
    for (const step of preparation) await client.query(step);
    await client.query('SET plan_cache_mode = force_generic_plan');
    await readsOfEach();
    await client.query(add(2000, true) + add(2000, false));
    const reads = await readsOfEach();
    expect(Object.entries(reads).filter(([, count]) => count === 0 || count > 20 * 10)).toEqual([]);
  },
);

/** The plan of a query for a merchant. */
async function planOf({ text, values }: MerchantQuery<object>): Promise<string> {
  const { rows } = await client.query<{ 'QUERY PLAN': string }>(
    `EXPLAIN ${text.replaceAll(/\$(\d+)/g, (_place, number: string) => pg.escapeLiteral(String(values[Number(number) - 3]))).replaceAll('caller.merchant', `'${randomUUID()}'::uuid`)}`,
  );
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test.each([
  ['no filter', {}],
  ['a rare amount', { amountFrom: '7', amountTo: '7' }],
  ['a rare decline code', { declineCode: 'stolen_card' }],
  [
    'all filters',
    { status: 'declined', currency: 'EUR', createdFrom: '2026-01-01T00:00:00Z', amountFrom: '1', declineCode: 'x' },
  ],
])('a page of payments by %s reads the index of the newest, without sorting', async (_, filter) => {
  await client.query(add(3000, true) + add(1, true) + 'ANALYZE payments.payments');
  const position = { createdAt: '2026-01-01T00:00:00.000000Z', id: randomUUID() };
  const plan = await planOf(pageOfPayments(filter, position, 26));
  expect(plan).toContain('Index Scan using payments_newest');
  expect(plan).not.toMatch(/Sort|Seq Scan/);
});

test('a page of payments by metadata reads the index of the pairs under row-level security, without sorting', async () => {
  await client.query(
    `${add(3000, true)}${add(3000, true)}
     INSERT INTO payments.payment_metadata (payment_id, merchant_id, name, value)
     SELECT id, merchant_id, name, '1' FROM payments.payments, unnest(ARRAY['order', 'shop']) AS name;
     ANALYZE payments.payments, payments.payment_metadata;
     SET ROLE payments_api`,
  );
  const position = { createdAt: '2026-01-01T00:00:00.000000Z', id: randomUUID() };
  const plan = await planOf(pageOfPayments({ metadata: { order: '1', shop: '1' }, currency: 'EUR' }, position, 26));
  expect(plan).toMatch(/Index (Only )?Scan using payment_metadata_newest/);
  expect(plan).toMatch(/Index Cond: \(\(merchant_id = .*\(name = 'order'::text\) AND \(value = '1'::text\)/);
  expect(plan).not.toMatch(/Sort|Seq Scan/);
});

test('taking events after a vacuum reads no delivered entries, however few rows have changed', async () => {
  await client.query(add(5000, true) + add(50, false));
  await client.query('UPDATE payments.outbox SET delivered_at = now() WHERE delivered_at IS NULL');
  await client.query('VACUUM payments.outbox');
  expect((await readsOfEach())['take']).toBe(0);
  await client.query(add(5, false));
  expect((await readsOfEach())['take']).toBeGreaterThan(0);
});

test('a function that disables plan types is never JIT-compiled, whatever its estimated cost', async () => {
  const { rows } = await client.query<{ name: string; compiled: boolean }>(
    `SELECT oid::regprocedure::text AS name, 'jit=off' <> ALL (proconfig) AS compiled
     FROM pg_proc WHERE pronamespace = 'payments'::regnamespace AND proconfig::text LIKE '%enable\\_%'`,
  );
  expect(rows.map(({ name }) => name)).toContain('payments.take_from_outbox(integer,interval)');
  expect(rows.filter(({ compiled }) => compiled)).toEqual([]);
});

/** The number of rows and index entries that a query reads for a merchant. */
async function readsFor(merchant: string, { text, values }: MerchantQuery<object>): Promise<number> {
  await client.query('BEGIN');
  const before = await readSoFar();
  await client.query(
    `SELECT found.* FROM (SELECT $1::uuid AS merchant, $2::text) AS caller CROSS JOIN LATERAL (${text} OFFSET 0) AS found`,
    [merchant, '', ...values],
  );
  const reads = (await readSoFar()) - before;
  await client.query('ROLLBACK');
  return reads;
}

async function merchants(): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>('SELECT id FROM payments.merchants');
  return rows.map(({ id }) => id);
}

test('a page of refunds reads no more refunds and payments than it has, among those of two merchants', async () => {
  await client.query(add(1000, true) + add(1000, true));
  await client.query(`INSERT INTO payments.refunds (id, merchant_id, payment_id, amount_minor)
    SELECT gen_random_uuid(), merchant_id, id, 1 FROM payments.payments`);
  await client.query('ANALYZE payments.refunds');
  const [merchant = ''] = await merchants();
  const reads = await readsFor(merchant, pageOfRefunds({}, undefined, 20));
  expect(reads).toBeGreaterThanOrEqual(40);
  expect(reads).toBeLessThan(120);
});
