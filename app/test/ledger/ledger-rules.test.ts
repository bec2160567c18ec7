import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asMerchant } from '../../src/db/transaction.ts';
import { callerFor, newMerchant, startPlatform, type TestPlatform } from '../support/platform.ts';

/* The rules that the database enforces for the API's login and the schema's owner, whatever the code does. */

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

interface Side {
  readonly amount: number;
  readonly currency?: string;
}

/** Inserts a posting in euros and its entries in one statement, as the API does. */
async function bookPosting(client: PoolClient, sides: readonly Side[]): Promise<void> {
  await client.query(
    `WITH posting AS (
       INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency) VALUES ($1, $2, $3, 'capture', 'EUR')
     )
     ${entriesOf('$1', '$2', '$3', '$4')}`,
    [randomUUID(), platform.merchantId, paymentId, JSON.stringify(sides)],
  );
}

const entriesOf = (posting: string, merchant: string, payment: string, sides: string) => `
  INSERT INTO payments.entries (id, merchant_id, posting_id, payment_id, account, amount_minor, currency)
  SELECT gen_random_uuid(), ${merchant}, ${posting}, ${payment},
    CASE WHEN amount > 0 THEN 'acquirer_receivable' ELSE 'merchant_payable' END, amount, coalesce(currency, 'EUR')
  FROM json_to_recordset(${sides}) AS side (amount bigint, currency text)`;

/** Adds entries to an existing posting of the payment. */
async function addEntries(client: PoolClient, sides: readonly Side[], payment = paymentId): Promise<void> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT id FROM payments.postings WHERE payment_id = $1 LIMIT 1',
    [paymentId],
  );
  await client.query(entriesOf('$1', '$2', '$3', '$4'), [
    rows[0]?.id,
    platform.merchantId,
    payment,
    JSON.stringify(sides),
  ]);
}

const sidesOf = (amounts: readonly number[]): Side[] => amounts.map((amount) => ({ amount }));

async function countOf(table: string): Promise<unknown> {
  const { rows } = await platform.database.superuser.query(`SELECT count(*) AS count FROM payments.${table}`);
  return rows;
}

describe.each(everyLogin)('as %s', (login) => {
  test('a posting that balances is accepted', async () => {
    await inTransactionAs(login, (client) => bookPosting(client, sidesOf([70, 30, -100])));
  });

  test.each([
    ['no entries', []],
    ['one entry', [100]],
    ['a debit larger than its credit', [100, -99]],
    ['two debits', [100, 100]],
    ['one unit too much among millions', [1_000_000_000_001, -1_000_000_000_000]],
  ])('a posting of %s is rejected and rolled back', async (_what, amounts) => {
    const before = [await countOf('postings'), await countOf('entries')];
    const booking = inTransactionAs(login, (client) => bookPosting(client, sidesOf(amounts)));
    await expect(booking).rejects.toThrow(/is not balanced/);
    expect([await countOf('postings'), await countOf('entries')]).toEqual(before);
  });

  test('a posting is rejected by its statement, not at commit', async () => {
    const booking = inTransactionAs(login, async (client) => {
      await expect(bookPosting(client, [])).rejects.toThrow(/has no entries/);
      throw new Error('went on');
    });
    await expect(booking).rejects.toThrow('went on');
  });

  test.each([
    ['one entry', [1]],
    ['two debits', [1, 1]],
  ])('%s more for a balanced posting is rejected', async (_what, amounts) => {
    const booking = inTransactionAs(login, (client) => addEntries(client, sidesOf(amounts)));
    await expect(booking).rejects.toThrow(/is not balanced: \d new entries sum to [12]$/);
  });

  test('each of two postings in one statement must balance', async () => {
    const booking = inTransactionAs(login, (client) =>
      client.query(
        `WITH posting AS (
           INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency)
           SELECT id, $1, $2, 'capture', 'EUR' FROM unnest($3::uuid[]) AS id
         )
         INSERT INTO payments.entries (id, merchant_id, posting_id, payment_id, account, amount_minor, currency)
         SELECT gen_random_uuid(), $1, id, $2, 'merchant_payable', amount, 'EUR'
         FROM unnest($3::uuid[], ARRAY[5, -5]) AS side (id, amount)`,
        [platform.merchantId, paymentId, [randomUUID(), randomUUID()]],
      ),
    );
    await expect(booking).rejects.toThrow(/is not balanced: 1 new entries/);
  });

  test('a posting in two currencies is rejected', async () => {
    const booking = inTransactionAs(login, (client) =>
      bookPosting(client, [{ amount: 100 }, { amount: -100, currency: 'USD' }]),
    );
    await expect(booking).rejects.toThrow(/foreign key/);
  });

  test('an entry with another payment than its posting is rejected', async () => {
    const another = await platform.pay();
    const booking = inTransactionAs(login, (client) => addEntries(client, sidesOf([1, -1]), another.id));
    await expect(booking).rejects.toThrow(/foreign key/);
  });

  test('an entry of zero is rejected', async () => {
    const booking = inTransactionAs(login, (client) => bookPosting(client, sidesOf([0, 0])));
    await expect(booking).rejects.toThrow(/entries_amount_minor_check/);
  });

  test.each(['entries', 'postings', 'payment_events'])('%s cannot be updated, deleted or truncated', async (table) => {
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
  ])('a payment with %s is rejected', async (assignment, reason) => {
    const attempt = inTransactionAs(login, (client) => client.query(`UPDATE payments.payments SET ${assignment}`));
    await expect(attempt).rejects.toThrow(reason);
  });
});

describe('a row of a payment', () => {
  test.each([
    [
      'payment_events',
      `INSERT INTO payments.payment_events (id, merchant_id, payment_id, type) VALUES ($1, $2, $3, 'x')`,
    ],
    ['refunds', 'INSERT INTO payments.refunds (id, merchant_id, payment_id, amount_minor) VALUES ($1, $2, $3, 1)'],
    [
      'postings',
      `INSERT INTO payments.postings (id, merchant_id, payment_id, kind, currency) VALUES ($1, $2, $3, 'capture', 'EUR')`,
    ],
  ])('in %s must belong to its merchant', async (table, statement) => {
    const { merchantId } = await newMerchant(platform.database, `Owns nothing in ${table}`);
    const attempt = platform.database.superuser.query(statement, [randomUUID(), merchantId, paymentId]);
    await expect(attempt).rejects.toThrow(/foreign key/);
  });
});
