import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventConsumer } from '../../src/outbox/event-consumer.ts';
import { inProcessTransport } from '../../src/outbox/in-process-transport.ts';
import type { OutboxEvent } from '../../src/outbox/outbox-event.ts';
import { deliveredEvent } from '../support/outbox.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

/** Delivers these events. Returns the delivered ids and the log lines of the consumer. */
async function deliver(events: readonly OutboxEvent[]) {
  const { database, payments, logger, log } = platform;
  log.length = 0;
  const transport = inProcessTransport(new EventConsumer({ pool: database.api, payments, logger }), logger);
  const delivered = await transport.deliver(events);
  const lines = log.map((text) => ({ text, ...(JSON.parse(text) as Record<string, unknown>) }));
  return { delivered, lines: lines.filter((line) => 'component' in line && line.component === 'consumer') };
}

/** An event with a correlation id of maximum length. */
const event = (changes: Partial<OutboxEvent> = {}) =>
  deliveredEvent(platform, platform.merchantId, {
    correlationId: randomUUID() + 'x'.repeat(92),
    type: 'payment.authorized',
    ...changes,
  });
const nameOf = ({ id, type, correlationId }: OutboxEvent) => ({ eventId: id, eventType: type, correlationId });

test('a delivery logs one line with the id and correlation id of each event', async () => {
  const events = [await event(), await event({ type: 'payment.captured' })];
  const { delivered, lines } = await deliver(events);
  expect(delivered).toEqual(events.map(({ id }) => id));
  expect(lines).toMatchObject([{ msg: 'events consumed', events: events.map(nameOf) }]);
});

test('a large delivery logs several lines below the size limit, with each event in one of them', async () => {
  const events = await Promise.all(Array.from({ length: 120 }, () => event()));
  const { lines } = await deliver(events);
  for (const { text } of lines) expect(text.length).toBeLessThan(16 * 1024);
  expect(lines.flatMap((line) => ('events' in line ? line.events : []))).toEqual(events.map(nameOf));
  expect(lines.length).toBeLessThan(5);
});

test('a failed event has its own line and is in no other', async () => {
  const [consumed, unknown, unheardOf] = [
    await event(),
    await event({ type: 'payment.forgotten' }),
    await event({ paymentId: randomUUID() }),
  ];
  const { delivered, lines } = await deliver([unknown, consumed, unheardOf]);
  expect(delivered.toSorted()).toEqual([unknown, consumed, unheardOf].map(({ id }) => id).sort());
  const parked = { msg: 'event cannot be consumed; it is parked' };
  expect(lines).toHaveLength(3);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ ...parked, ...nameOf(unknown) }),
      expect.objectContaining({ ...parked, ...nameOf(unheardOf) }),
      expect.objectContaining({ msg: 'events consumed', events: [nameOf(consumed)] }),
    ]),
  );
});

test('a delivery without a consumed event logs no line', async () => {
  const { lines } = await deliver([await event({ type: 'payment.forgotten' })]);
  expect(lines.map((line) => 'events' in line)).toEqual([false]);
});

test('the events of a payment are consumed in order, and a failed one holds back the later ones', async () => {
  const first = await event();
  const second = await event({ type: 'payment.captured', paymentId: first.paymentId });
  const other = await event();
  const { database, payments, logger } = platform;
  const consumer = new EventConsumer({ pool: database.api, payments, logger });
  const begun: string[] = [];
  const refusing = Object.assign(Object.create(consumer) as EventConsumer, {
    consume: async (each: OutboxEvent) => {
      begun.push(each.id);
      if (each.id === first.id) throw new Error('connection lost');
      await consumer.consume(each);
    },
  });
  expect(await inProcessTransport(refusing, logger).deliver([first, second, other])).toEqual([other.id]);
  expect(begun).not.toContain(second.id);
  expect(await inProcessTransport(consumer, logger).deliver([first, second])).toEqual([first.id, second.id]);
});
