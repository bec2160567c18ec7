import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { EventConsumer } from '../../src/outbox/event-consumer.ts';
import type { OutboxEvent } from '../../src/outbox/outbox-event.ts';
import { deliveredEvent } from '../support/outbox.ts';
import { newMerchant, newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

/** A new merchant with a query for its totals. */
async function merchant() {
  const { apiKey, merchantId } = await newMerchant(platform.database, randomUUID());
  const headers = { authorization: `Bearer ${apiKey}` };
  return {
    headers,
    event: (changes?: Partial<OutboxEvent>) => deliveredEvent(platform, merchantId, changes),
    totals: async (query = '') =>
      (await platform.get(`/summary/daily${query}`, headers)).json<{ items: unknown[] }>().items,
  };
}

/** The counts of declines of a merchant. */
const declines = async (headers: Record<string, string>, query = '') =>
  (await platform.get(`/summary/declines${query}`, headers)).json<{ items: unknown[] }>().items;

/** Consumes an event as the queue's consumer does. */
const consume = (event: OutboxEvent, pool = platform.database.worker) =>
  new EventConsumer({ pool, payments: platform.payments, logger: platform.logger }).consume(event);

const captured = (day: string, capturedMinor: number, currency = 'EUR') => ({
  day,
  currency,
  approvedCount: 0,
  declinedCount: 0,
  capturedMinor,
  refundedMinor: 0,
});

test('the totals of a day are the sums of its payments, per currency', async () => {
  const { headers, totals } = await merchant();
  const pay = async (body: object) =>
    (await platform.post('/payments', { ...newPayment, ...body }, headers)).json<PaymentBody>().id;
  const refunded = await pay({ capture: 'automatic' });
  await platform.post(`/payments/${refunded}/refunds`, { amountMinor: 300 }, headers);
  await pay({ amountMinor: 77, capture: 'automatic' });
  await pay({ amountMinor: 5 });
  await pay({ paymentToken: 'tok_decline_stolen_card' });
  await pay({ amountMinor: 9, currency: 'USD', capture: 'automatic' });
  await platform.consumeEvents();
  const { rows } = await platform.database.superuser.query<{ day: string }>(
    `SELECT DISTINCT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day FROM payments.payments WHERE id = $1`,
    [refunded],
  );
  const day = rows[0]?.day;
  expect(await totals()).toEqual([
    { day, currency: 'EUR', approvedCount: 3, declinedCount: 1, capturedMinor: 1077, refundedMinor: 300 },
    { day, currency: 'USD', approvedCount: 1, declinedCount: 0, capturedMinor: 9, refundedMinor: 0 },
  ]);
});

describe('an event', () => {
  test('that is redelivered counts once', async () => {
    const { event, totals } = await merchant();
    const captured500 = await event();
    await Promise.all(Array.from({ length: 10 }, () => consume(captured500)));
    await consume(captured500);
    expect(await totals()).toEqual([captured('2026-03-31', 500)]);
  });

  test('is counted with concurrent events of its day', async () => {
    const { event, totals } = await merchant();
    const events = await Promise.all(Array.from({ length: 20 }, () => event()));
    await Promise.all(events.map((each) => consume(each)));
    expect(await totals()).toEqual([captured('2026-03-31', 10_000)]);
  });

  test.each(['Pacific/Auckland', 'America/Los_Angeles', 'UTC'])(
    'belongs to its day in UTC, even if the session is in %s',
    async (zone) => {
      const { event, totals } = await merchant();
      const { host, port, name } = platform.database;
      const pool = new pg.Pool({
        host,
        port,
        database: name,
        user: 'payments_worker',
        password: 'worker',
        options: `-c TimeZone=${zone}`,
      });
      onTestFinished(() => pool.end());
      await consume(await event({ createdAt: '2026-03-31T23:59:59.999Z' }), pool);
      await consume(await event({ createdAt: '2026-04-01T00:00:00.000Z' }), pool);
      expect(await totals()).toEqual([captured('2026-04-01', 500), captured('2026-03-31', 500)]);
    },
  );
});

test('totals are filtered by day, inclusive, newest first', async () => {
  const { event, totals } = await merchant();
  for (const day of ['2026-03-01', '2026-03-03', '2026-03-02']) {
    await consume(await event({ createdAt: `${day}T12:00:00Z` }));
  }
  const days = async (query: string) => (await totals(query)).map((total) => (total as { day: string }).day);
  expect(await days('')).toEqual(['2026-03-03', '2026-03-02', '2026-03-01']);
  expect(await days('?from=2026-03-02')).toEqual(['2026-03-03', '2026-03-02']);
  expect(await days('?to=2026-03-02')).toEqual(['2026-03-02', '2026-03-01']);
  expect(await days('?from=2026-03-02&to=2026-03-02')).toEqual(['2026-03-02']);
});

test('declines are counted by currency and reason, most frequent first, and once for each event', async () => {
  const { headers, event } = await merchant();
  const decline = (createdAt: string, detail: string | null, currency = 'EUR') =>
    event({ type: 'payment.declined', createdAt, payload: { amountMinor: 500, currency, detail } });
  const events = await Promise.all([
    decline('2026-03-01T12:00:00Z', 'stolen_card'),
    decline('2026-03-02T12:00:00Z', 'insufficient_funds'),
    decline('2026-03-03T12:00:00Z', 'insufficient_funds'),
    decline('2026-03-03T12:00:00Z', null, 'USD'),
    event({ type: 'refund.declined', createdAt: '2026-03-03T12:00:00Z' }),
  ]);
  for (const each of [...events, ...events]) await consume(each);
  const count = (declineCode: string, declinedCount: number, currency = 'EUR') => ({
    currency,
    declineCode,
    declinedCount,
  });
  expect(await declines(headers)).toEqual([
    count('insufficient_funds', 2),
    count('stolen_card', 1),
    count('unknown', 1, 'USD'),
  ]);
  expect(await declines(headers, '?from=2026-03-01&to=2026-03-02')).toEqual([
    count('insufficient_funds', 1),
    count('stolen_card', 1),
  ]);
  expect(await declines({})).toEqual([]);
});
