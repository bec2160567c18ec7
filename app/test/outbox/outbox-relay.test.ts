import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { OutboxEvent, OutboxTransport } from '../../src/outbox/outbox-event.ts';
import { deliverOnce, startOutboxRelay } from '../../src/outbox/outbox-relay.ts';
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

test('concurrent relays deliver each event once', async () => {
  const payments = await Promise.all(Array.from({ length: 8 }, () => platform.pay({ capture: 'automatic' })));
  const batches = await Promise.all(Array.from({ length: 4 }, () => drain(platform)));
  const events = batches.flat();
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  for (const { id } of payments) expect(typesOf(events, id).sort()).toEqual(['payment.authorized', 'payment.captured']);
});

test('an unreliable transport delivers every event, in order per payment', async () => {
  const fate = fc.constantFrom('arrives', 'is lost', 'arrives unconfirmed', 'arrives');
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(fate), async (fates) => {
      const payments = [await payAndRefund(platform), await payAtOnceAndRefund(platform)];
      const firstArrivals = new Map<string, OutboxEvent>();
      const unreliable: OutboxTransport['deliver'] = (events) => {
        const confirmed: string[] = [];
        const held = new Set<string>();
        for (const event of events) {
          const what = held.has(event.paymentId) ? 'is lost' : (fates.next().value as string);
          if (what === 'is lost') held.add(event.paymentId);
          else if (!firstArrivals.has(event.id)) firstArrivals.set(event.id, event);
          if (what === 'arrives') confirmed.push(event.id);
        }
        return Promise.resolve(confirmed);
      };
      for (let round = 0; round < 100 && firstArrivals.size < 6; round += 1) {
        await deliverOnce(relayTo(platform, unreliable));
        await makeDue(platform);
      }
      for (const id of payments) expect(typesOf([...firstArrivals.values()], id)).toEqual(lifeOfPayment);
      await drain(platform);
    }),
    { numRuns: 15 },
  );
});

test('the relay continues after failures until it is stopped', async () => {
  const arrived: string[] = [];
  let failures = 0;
  const running = startOutboxRelay({
    ...relayTo(platform, (events) => {
      if (failures < 2) {
        failures += 1;
        return Promise.reject(new Error('The queue is away.'));
      }
      arrived.push(...events.map(({ type }) => type));
      return Promise.resolve(events.map(({ id }) => id));
    }),
    idleMilliseconds: 1,
  });
  await platform.pay({ capture: 'automatic' });
  await vi.waitFor(
    async () => {
      await makeDue(platform);
      expect(arrived).toEqual(['payment.authorized', 'payment.captured']);
    },
    { timeout: 10_000 },
  );
  expect(failures).toBe(2);
  await running.stop();
  await platform.pay();
  expect(arrived).toHaveLength(2);
});
