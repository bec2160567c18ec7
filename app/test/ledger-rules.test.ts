import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asMerchant } from '../src/db/transaction.ts';
import { callerFor, startPlatform, type TestPlatform } from './support/platform.ts';

/* What the database itself refuses, to the API's login and to the schema's owner alike: code that is wrong must not book. */

let platform: TestPlatform;
let paymentId: string;
beforeAll(async () => {
  platform = await startPlatform();
  paymentId = (await platform.pay({ capture: 'automatic' })).id;
});
afterAll(() => platform.close());

type Login = 'api' | 'administrator' | 'superuser';
const everyLogin: readonly Login[] = ['api', 'administrator', 'superuser'];
const poolOf = (login: Login): Pool => platform.database[login];

const inTransactionAs = (login: Login, work: (client: PoolClient) => Promise<unknown>) =>
  asMerchant(poolOf(login), callerFor(platform.merchantId), work);

async function insertPosting(client: PoolClient, currency = 'EUR'): Promise<string> {
  const id = randomUUID();
  await client.query(
    `INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency) VALUES ($1, $2, $3, 'capture', $4)`,
    [id, platform.merchantId, paymentId, currency],
  );
  return id;
}

async function insertEntry(client: PoolClient, posting: string, amount: number, currency = 'EUR'): Promise<void> {
  await client.query(
    `INSERT INTO payments.entries (id, merchant_id, posting_id, payment_id, account, amount_minor, currency)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      randomUUID(),
      platform.merchantId,
      posting,
      paymentId,
      amount > 0 ? 'acquirer_receivable' : 'merchant_payable',
      amount,
      currency,
    ],
  );
}

async function countOf(table: string): Promise<unknown> {
  const { rows } = await platform.database.superuser.query(`SELECT count(*) AS count FROM payments.${table}`);
  return rows;
}

describe.each(everyLogin)('to %s', (login) => {
  test('a posting that balances is accepted', async () => {
    await inTransactionAs(login, async (client) => {
      const posting = await insertPosting(client);
      for (const amount of [70, 30, -100]) await insertEntry(client, posting, amount);
    });
  });

  test.each([
    ['no entries', []],
    ['one entry', [100]],
    ['a debit larger than its credit', [100, -99]],
    ['two debits', [100, 100]],
    ['one unit too much among millions', [1_000_000_000_001, -1_000_000_000_000]],
  ])('a posting of %s is refused, and nothing of it stays', async (_what, amounts) => {
    const before = [await countOf('postings'), await countOf('entries')];
    const booking = inTransactionAs(login, async (client) => {
      const posting = await insertPosting(client);
      for (const amount of amounts) await insertEntry(client, posting, amount);
    });
    await expect(booking).rejects.toThrow(/is not balanced/);
    expect([await countOf('postings'), await countOf('entries')]).toEqual(before);
  });

  test('another entry for a posting that was balanced is refused', async () => {
    const { rows } = await platform.database.superuser.query<{ id: string }>(
      'SELECT id FROM payments.postings LIMIT 1',
    );
    const booking = inTransactionAs(login, (client) => insertEntry(client, rows[0]?.id ?? '', 1));
    await expect(booking).rejects.toThrow(/is not balanced: 3 entries sum to 1/);
  });

  test('a posting of two currencies is refused', async () => {
    const booking = inTransactionAs(login, async (client) => {
      const posting = await insertPosting(client, 'EUR');
      await insertEntry(client, posting, 100, 'EUR');
      await insertEntry(client, posting, -100, 'USD');
    });
    await expect(booking).rejects.toThrow(/foreign key/);
  });

  test('an entry of nothing is refused', async () => {
    const booking = inTransactionAs(login, async (client) => insertEntry(client, await insertPosting(client), 0));
    await expect(booking).rejects.toThrow(/entries_amount_minor_check/);
  });

  test.each(['entries', 'postings', 'payment_events'])('%s cannot be changed, deleted or emptied', async (table) => {
    const before = await countOf(table);
    for (const statement of [
      `UPDATE payments.${table} SET id = id`,
      `DELETE FROM payments.${table}`,
      `TRUNCATE payments.${table} CASCADE`,
    ]) {
      const attempt = inTransactionAs(login, (client) => client.query(statement));
      await expect(attempt).rejects.toThrow(login === 'api' ? /permission denied/ : /written once and never changed/);
    }
    expect(await countOf(table)).toEqual(before);
  });

  test.each([
    ['captured_minor = amount_minor + 1', /payments_check/],
    ['refunded_minor = captured_minor + 1', /payments_check/],
    ['refunded_minor = -1', /payments_check/],
  ])('a payment with %s is refused', async (assignment, reason) => {
    const attempt = inTransactionAs(login, (client) => client.query(`UPDATE payments.payments SET ${assignment}`));
    await expect(attempt).rejects.toThrow(reason);
  });
});
