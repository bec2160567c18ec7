import { randomUUID } from 'node:crypto';
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
import { expectProblem } from '../support/problem.ts';
import { dispatchAll, dispatcherOf, newEndpoint } from '../support/webhooks/endpoints.ts';

/** The tables that the API's login can read, and those that it can access only through functions. */
const readable = [
  'daily_declines',
  'daily_totals',
  'documents',
  'entries',
  'idempotency_keys',
  'payment_events',
  'payment_metadata',
  'payments',
  'postings',
  'refunds',
  'webhook_attempts',
  'webhook_deliveries',
  'webhook_endpoints',
];
const closed = [
  'api_keys',
  'audit_entries',
  'authorizations',
  'client_certificates',
  'event_receipts',
  'ledger_blocks',
  'ledger_checks',
  'merchants',
  'operator_keys',
  'outbox',
  'parked_events',
  'person_sessions',
  'sessions',
  'simulated_challenges',
  'webhook_secrets',
];

let platform: TestPlatform;
let other: { apiKey: string; merchantId: string };
let foreignPayment: string;
const asOther = () => ({ authorization: `Bearer ${other.apiKey}` });

beforeAll(async () => {
  platform = await startPlatform();
  other = await newMerchant(platform.database, 'Another merchant');
  for (const headers of [{}, asOther()]) {
    await newEndpoint(platform, 'https://shop.invalid/', {}, headers);
    const response = await platform.post(
      '/payments',
      { ...newPayment, capture: 'automatic', metadata: { order: '1' } },
      headers,
    );
    foreignPayment = response.json<PaymentBody>().id;
    await platform.post('/payments', { ...newPayment, paymentToken: 'tok_decline_stolen_card' }, headers);
    await platform.post(`/payments/${foreignPayment}/refunds`, { amountMinor: 100 }, headers);
    await platform.post(`/payments/${foreignPayment}/documents`, described('proof'), headers);
  }
  await platform.consumeEvents();
  await dispatchAll(dispatcherOf(platform));
});
afterAll(() => platform.close());

test('covers every table of the database', async () => {
  const { rows } = await platform.database.superuser.query<{ tables: string[] }>(
    `SELECT array_agg(tablename::text ORDER BY tablename) AS tables FROM pg_tables WHERE schemaname = 'payments'`,
  );
  expect(rows[0]?.tables).toEqual([...readable, ...closed].sort());
});

describe('the database shows the API', () => {
  test.each(readable)("in %s, only the rows of the transaction's merchant", async (table) => {
    const query = `SELECT merchant_id, count(*) AS count FROM payments.${table} GROUP BY merchant_id ORDER BY merchant_id`;
    const really = await platform.database.superuser.query(query);
    expect(really.rows).toHaveLength(2);
    for (const merchantId of [platform.merchantId, other.merchantId]) {
      const seen = await asMerchant(platform.database.api, callerFor(merchantId), (client) => client.query(query));
      expect(seen.rows).toEqual(really.rows.filter((row: { merchant_id: string }) => row.merchant_id === merchantId));
    }
  });

  test.each(readable)('no rows of %s without a merchant, even after a transaction with one', async (table) => {
    const client = await platform.database.api.connect();
    try {
      const seen = async () => (await client.query(`SELECT FROM payments.${table}`)).rowCount;
      expect(await seen()).toBe(0);
      await client.query(`BEGIN; SELECT set_config('app.merchant_id', '${other.merchantId}', true)`);
      expect(await seen()).toBeGreaterThan(0);
      await client.query('COMMIT');
      expect(await seen()).toBe(0);
    } finally {
      client.release();
    }
  });

  test.each(readable)('no rows of %s around its policy', async (table) => {
    const attempt = asMerchant(platform.database.api, callerFor(platform.merchantId), async (client) => {
      await client.query('SET LOCAL row_security = off');
      await client.query(`SELECT FROM payments.${table}`);
    });
    await expect(attempt).rejects.toThrow(/row-level security/);
  });

  test.each(closed)('no rows of %s', async (table) => {
    await expect(platform.database.api.query(`SELECT FROM payments.${table}`)).rejects.toThrow(/permission denied/);
  });
});

describe('the database prevents the API from', () => {
  const asMerchantA = (sql: string, values: unknown[]) =>
    asMerchant(platform.database.api, callerFor(platform.merchantId), (client) => client.query(sql, values));

  test('changing rows of another merchant', async () => {
    const payments = await asMerchantA(`UPDATE payments.payments SET description = 'mine' WHERE id = $1`, [
      foreignPayment,
    ]);
    const keys = await asMerchantA(`UPDATE payments.idempotency_keys SET leased_until = NULL WHERE merchant_id = $1`, [
      other.merchantId,
    ]);
    expect([payments.rowCount, keys.rowCount]).toEqual([0, 0]);
  });

  test.each([
    [
      'payment',
      `payments.payments (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token)
       VALUES ($1, $2, 'processing', 1, 0, 0, 'EUR', 'tok_x')`,
    ],
    ['event', `payments.payment_events (id, merchant_id, payment_id, type) VALUES ($1, $2, $3, 'payment.captured')`],
    ['refund', `payments.refunds (id, merchant_id, payment_id, amount_minor) VALUES ($1, $2, $3, 1)`],
    ['posting', `payments.postings (id, merchant_id, payment_id, kind, currency) VALUES ($1, $2, $3, 'refund', 'EUR')`],
    [
      'document',
      `payments.documents (id, merchant_id, payment_id, name, content_type, size_bytes, sha256)
       VALUES ($1, $2, $3, 'x.pdf', 'application/pdf', 1, sha256('x'))`,
    ],
  ])('adding a %s to another merchant', async (_what, into) => {
    const values = [randomUUID(), other.merchantId, ...(into.includes('$3') ? [foreignPayment] : [])];
    await expect(asMerchantA(`INSERT INTO ${into}`, values)).rejects.toThrow(/row-level security/);
  });

  test('writing to the outbox except through a function', async () => {
    const statement = `INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload) VALUES ($1, $2, $3, 'x', '{}')`;
    const attempt = asMerchantA(statement, [randomUUID(), platform.merchantId, foreignPayment]);
    await expect(attempt).rejects.toThrow(/permission denied/);
  });
});

describe('the API hides from a merchant', () => {
  test.each(['', '/events', '/entries', '/documents'])(
    "another merchant's payment: GET /payments/{id}%s",
    async (path) => {
      expectProblem(await platform.get(`/payments/${foreignPayment}${path}`), 404, 'not-found');
      expect((await platform.get(`/payments/${foreignPayment}${path}`, asOther())).statusCode).toBe(200);
    },
  );

  test("another merchant's document, and rejects one for another merchant's payment", async () => {
    const path = `/payments/${foreignPayment}/documents`;
    const { items } = (await platform.get(path, asOther())).json<{ items: { id: string }[] }>();
    expect(items).toHaveLength(1);
    const document = `${path}/${items[0]?.id ?? ''}`;
    expect((await platform.get(document, asOther())).statusCode).toBe(200);
    expectProblem(await platform.get(document), 404, 'not-found');
    expectProblem(await platform.post(path, described('mine')), 404, 'not-found');
    expect((await platform.get(path, asOther())).json()).toMatchObject({ items: [{ id: items[0]?.id }] });
  });

  test.each(['capture', 'void', 'refunds'])("another merchant's payment: POST /payments/{id}/%s", async (operation) => {
    const before = (await platform.get(`/payments/${foreignPayment}`, asOther())).body;
    expectProblem(await platform.post(`/payments/${foreignPayment}/${operation}`, {}), 404, 'not-found');
    expect((await platform.get(`/payments/${foreignPayment}`, asOther())).body).toBe(before);
  });

  test.each([
    '/payments',
    '/refunds',
    '/ledger/entries',
    '/ledger/balances',
    '/summary/daily',
    '/summary/declines',
    '/webhook-endpoints',
  ])('rows of other merchants: GET %s', async (path) => {
    const newcomer = await newMerchant(platform.database, `Newcomer of ${path}`);
    const seen = await platform.get(path, { authorization: `Bearer ${newcomer.apiKey}` });
    expect(seen.json()).toMatchObject({ items: [] });
    expect((await platform.get(path)).json<{ items: unknown[] }>().items.length).toBeGreaterThan(0);
  });
});
