import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { all, queryAs, merchantQuery, queryOneAs } from '../../src/db/merchant-query.ts';
import type { Caller } from '../../src/db/transaction.ts';
import { newMerchant, newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let pool: pg.Pool;
let own: Caller;
let foreign: Caller;
beforeAll(async () => {
  platform = await startPlatform();
  pool = platform.database.api;
  const callers = [
    await newMerchant(platform.database, randomUUID()),
    await newMerchant(platform.database, randomUUID()),
  ];
  for (const { apiKey } of callers) {
    const headers = { authorization: `Bearer ${apiKey}`, 'idempotency-key': randomUUID() };
    expect((await platform.post('/payments', newPayment, headers)).statusCode).toBe(201);
  }
  const [first, second] = callers.map(({ merchantId }) => ({ merchantId, correlationId: randomUUID() }));
  if (!first || !second) throw new Error('There are no two merchants.');
  [own, foreign] = [first, second];
});
afterAll(() => platform.close());

const merchants = (condition: string) =>
  merchantQuery<{ merchant: string }>(() => `SELECT merchant_id AS merchant FROM payments.payments WHERE ${condition}`);

test('returns the rows of the caller', async () => {
  const condition = 'merchant_id = caller.merchant';
  expect(await queryAs(pool, own, merchants(condition))).toEqual([{ merchant: own.merchantId }]);
  expect(await queryAs(pool, foreign, merchants(condition))).toEqual([{ merchant: foreign.merchantId }]);
});

test('returns no rows of another merchant, whichever merchant used the connection before', async () => {
  const one = new pg.Pool({ ...pool.options, password: pool.options.password, max: 1 });
  try {
    const ofOther = merchantQuery<{ merchant: string }>(
      (value) =>
        `SELECT merchant_id AS merchant FROM payments.payments WHERE ${all(`merchant_id = ${value(foreign.merchantId)}`, 'caller.merchant IS NOT NULL')}`,
    );
    expect(await queryAs(one, foreign, ofOther)).toHaveLength(1);
    expect(await queryAs(one, own, ofOther)).toEqual([]);
    const { rows } = await one.query(`SELECT current_setting('app.merchant_id', true) AS merchant`);
    expect(rows).toEqual([{ merchant: '' }]);
  } finally {
    await one.end();
  }
});

test('returns no rows of another merchant if the query omits caller.merchant', async () => {
  const found = await queryAs(pool, own, merchants('true'));
  expect(found.filter(({ merchant }) => merchant !== own.merchantId)).toEqual([]);
});

test('sets application_name for the duration of the query', async () => {
  const name = merchantQuery<{ name: string }>(
    () => `SELECT current_setting('application_name') AS name WHERE caller.merchant IS NOT NULL`,
  );
  expect(await queryOneAs(pool, own, name)).toEqual({ name: own.correlationId });
  const { rows } = await pool.query<{ name: string }>(`SELECT current_setting('application_name') AS name`);
  expect(rows[0]?.name).not.toBe(own.correlationId);
});

test('passes values as parameters', async () => {
  const text = `'; DROP TABLE payments.payments --`;
  const echo = merchantQuery<{ said: string; merchant: string }>(
    (value) => `SELECT ${value(text)}::text AS said, caller.merchant`,
  );
  expect(await queryOneAs(pool, own, echo)).toEqual({ said: text, merchant: own.merchantId });
});

test('closes a connection after a timeout', async () => {
  const impatient = new pg.Pool({ ...pool.options, password: pool.options.password, max: 1, query_timeout: 200 });
  try {
    const slow = merchantQuery(() => `SELECT pg_sleep(3) WHERE caller.merchant IS NOT NULL`);
    await expect(queryAs(impatient, own, slow)).rejects.toThrow('Query read timeout');
    expect(impatient.totalCount).toBe(0);
  } finally {
    await impatient.end();
  }
});

test('reuses a connection after a failed statement', async () => {
  const one = new pg.Pool({ ...pool.options, password: pool.options.password, max: 1 });
  try {
    const refused = merchantQuery(() => `SELECT 1 / 0 WHERE caller.merchant IS NOT NULL`);
    await expect(queryAs(one, own, refused)).rejects.toThrow('division by zero');
    expect(one.totalCount).toBe(1);
    expect(await queryAs(one, own, merchants('merchant_id = caller.merchant'))).toHaveLength(1);
  } finally {
    await one.end();
  }
});
