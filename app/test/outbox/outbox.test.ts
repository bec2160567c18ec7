import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { OutboxEvent, OutboxTransport } from '../../src/outbox/outbox-event.ts';
import { deliverOnce } from '../../src/outbox/outbox-relay.ts';
import {
  drain,
  lifeOfPayment,
  makeDue,
  payAndRefund,
  payAtOnceAndRefund,
  relayTo,
  typesOf,
} from '../support/outbox.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
beforeEach(async () => {
  await makeDue(platform);
  await drain(platform);
});
afterAll(() => platform.close());

describe('the outbox', () => {
  test('contains the events of a payment with all fields', async () => {
    const paymentId = await payAndRefund(platform);
    const event = { merchantId: platform.merchantId, paymentId };
    expect(await drain(platform)).toMatchObject([
      { ...event, type: 'payment.authorized', payload: { amountMinor: 1000, currency: 'EUR', detail: null } },
      { ...event, type: 'payment.captured', payload: { amountMinor: 900, currency: 'EUR', detail: null } },
      { ...event, type: 'refund.succeeded', payload: { amountMinor: 200, currency: 'EUR', detail: 'Late' } },
    ]);
    expect(await drain(platform)).toEqual([]);
  });

  test('gives an event the id of its timeline entry', async () => {
    const { id } = await platform.pay({ paymentToken: 'tok_decline_stolen_card' });
    const [event] = await drain(platform);
    const { items } = (await platform.get(`/payments/${id}/events`)).json<{ items: { id: string; type: string }[] }>();
    expect(items.at(-1)).toMatchObject({ id: event?.id, type: 'payment.declined', detail: 'stolen_card' });
  });

  test('has one entry per change, and delivers its events together, each like a single one', async () => {
    const paymentId = await payAtOnceAndRefund(platform);
    const batches: OutboxEvent[][] = [];
    const deliver: OutboxTransport['deliver'] = (events) => {
      batches.push([...events]);
      return Promise.resolve(events.map(({ id }) => id));
    };
    while ((await deliverOnce(relayTo(platform, deliver))) > 0);
    const event = { merchantId: platform.merchantId, paymentId };
    const payload = { currency: 'EUR', detail: null };
    expect(batches).toMatchObject([
      [
        { ...event, type: 'payment.authorized', payload: { ...payload, amountMinor: 1000 } },
        { ...event, type: 'payment.captured', payload: { ...payload, amountMinor: 1000 } },
      ],
      [{ ...event, type: 'refund.succeeded', payload: { ...payload, amountMinor: 200 } }],
    ]);
    const [authorized, captured] = batches[0] ?? [];
    expect(captured).toEqual({ ...authorized, id: captured?.id, type: 'payment.captured' });
    const { items } = (await platform.get(`/payments/${paymentId}/events`)).json<{ items: { id: string }[] }>();
    expect(batches.flat().map((each) => each.id)).toEqual(items.slice(1).map((each) => each.id));
    const { rows } = await platform.database.superuser.query(
      'SELECT count(*)::int AS entries FROM payments.outbox WHERE payment_id = $1',
      [paymentId],
    );
    expect(rows).toEqual([{ entries: 2 }]);
  });

  test('delivers entries with one event each in order', async () => {
    const { id } = await platform.pay({ capture: 'automatic' });
    await platform.database.superuser.query(
      `WITH entry AS (UPDATE payments.outbox SET additional_events = NULL WHERE payment_id = $1 RETURNING merchant_id, payload)
       INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload)
       SELECT gen_random_uuid(), merchant_id, $1, 'payment.captured', payload FROM entry`,
      [id],
    );
    const sizes: number[] = [];
    const seen: OutboxEvent[] = [];
    const deliver: OutboxTransport['deliver'] = (events) => {
      sizes.push(events.length);
      seen.push(...events);
      return Promise.resolve(events.map((event) => event.id));
    };
    while ((await deliverOnce(relayTo(platform, deliver))) > 0);
    expect([sizes, typesOf(seen, id)]).toEqual([
      [1, 1],
      ['payment.authorized', 'payment.captured'],
    ]);
  });
});

describe('an undelivered event', () => {
  test.each([
    ['fails', () => Promise.reject(new Error('The queue is away.'))],
    ['takes nothing', () => Promise.resolve([])],
  ])('because the transport %s is redelivered unchanged after its delay', async (_how, fail) => {
    await platform.pay();
    const seen: OutboxEvent[] = [];
    const attempt = async () =>
      deliverOnce(
        relayTo(platform, (events) => {
          seen.push(...events);
          return fail();
        }),
      ).catch(() => 0);
    expect(await attempt()).toBe(0);
    expect(await drain(platform)).toEqual([]);
    await makeDue(platform);
    expect(await attempt()).toBe(0);
    await makeDue(platform);
    const arrived = await drain(platform);
    expect([seen[0], seen[1]]).toEqual([arrived[0], arrived[0]]);
    expect(arrived).toHaveLength(1);
  });

  test.each([
    [0, 30],
    [4, 30],
    [6, 64],
    [9, 300],
    [2000, 300],
  ])(
    'after %i attempts is retried after %i seconds: exponential backoff between lease and five minutes',
    async (attempts, seconds) => {
      await platform.pay();
      const client = await platform.database.superuser.connect();
      try {
        await client.query('BEGIN');
        await client.query('UPDATE payments.outbox SET attempts = $1 WHERE delivered_at IS NULL', [attempts]);
        await client.query(`SELECT payments.take_from_outbox(100, interval '30 seconds')`);
        const { rows } = await client.query(
          `SELECT attempts, extract(epoch FROM next_attempt_at - now())::int AS seconds FROM payments.outbox WHERE delivered_at IS NULL`,
        );
        expect(rows).toEqual([{ attempts: attempts + 1, seconds }]);
      } finally {
        await client.query('ROLLBACK');
        client.release();
      }
    },
  );

  test.each([
    ['first', ['payment.captured']],
    ['second', ['payment.authorized']],
  ])('that was the %s of its change is redelivered with the others, in order', async (_place, arrives) => {
    const { id } = await platform.pay({ capture: 'automatic' });
    const onlyThat: OutboxTransport['deliver'] = (events) =>
      Promise.resolve(events.filter(({ type }) => arrives.includes(type)).map((event) => event.id));
    expect(await deliverOnce(relayTo(platform, onlyThat))).toBe(1);
    expect(await drain(platform)).toEqual([]);
    await makeDue(platform);
    expect(typesOf(await drain(platform), id)).toEqual(['payment.authorized', 'payment.captured']);
    await makeDue(platform);
    expect(await drain(platform)).toEqual([]);
  });

  test('is leased to its relay for longer than a delivery takes', async () => {
    await platform.pay();
    await deliverOnce(relayTo(platform, () => Promise.resolve([])));
    const { rows } = await platform.database.superuser.query(
      `SELECT next_attempt_at > now() + interval '20 seconds' AS leased FROM payments.outbox WHERE delivered_at IS NULL`,
    );
    expect(rows).toEqual([{ leased: true }]);
  });

  test('blocks later events of its payment, but not of others', async () => {
    const [stuck, other] = [await payAndRefund(platform), await payAndRefund(platform)];
    const delivered: OutboxEvent[] = [];
    const tried = new Set<string>();
    const allBut: OutboxTransport['deliver'] = (events) => {
      for (const type of typesOf(events, stuck)) tried.add(type);
      const arriving = events.filter(({ paymentId }) => paymentId !== stuck);
      delivered.push(...arriving);
      return Promise.resolve(arriving.map(({ id }) => id));
    };
    for (let round = 0; round < 5; round += 1) {
      await deliverOnce(relayTo(platform, allBut));
      await makeDue(platform);
    }
    expect(typesOf(delivered, other)).toEqual(lifeOfPayment);
    expect([...tried]).toEqual(['payment.authorized']);
    expect(typesOf(await drain(platform), stuck)).toEqual(lifeOfPayment);
  });
});
