import fc from 'fast-check';
import { batchLimits, inBatches, type LogEvent } from '../../../lib/compute/access-log-forwarding/log-event-batches';

/*
 * The limits are written out again, from the documentation of PutLogEvents and not from the code under test.
 */
const day = 86_400_000;
const sizeOf = ({ message }: LogEvent) => new TextEncoder().encode(message).length + 26;

async function batchesOf(events: readonly LogEvent[]): Promise<LogEvent[][]> {
  const batches: LogEvent[][] = [];
  for await (const batch of inBatches(events)) batches.push(batch);
  return batches;
}

function expectAcceptable(batch: readonly LogEvent[]): void {
  expect(batch.length).toBeGreaterThan(0);
  expect(batch.length).toBeLessThanOrEqual(10_000);
  expect(batch.reduce((sum, event) => sum + sizeOf(event), 0)).toBeLessThanOrEqual(1_048_576);
  const times = batch.map(({ timestamp }) => timestamp);
  expect(times).toEqual([...times].sort((one, other) => one - other));
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(day);
}

/** Messages of one, two and four bytes a character, from nothing to just below the limit of an event. */
const message = fc
  .tuple(
    fc.constantFrom('a', 'é', '💳'),
    fc.oneof(fc.nat(50), fc.integer({ min: 20_000, max: 65_529 }), fc.constant(65_529)),
  )
  .map(([character, length]) => character.repeat(length));
const event = fc.record({ timestamp: fc.oneof(fc.nat(1000), fc.nat(5 * day)), message });

test('keeps all events in order, without loss or duplicates, in valid batches', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const batches = await batchesOf(events);
      batches.forEach(expectAcceptable);
      let next = 0;
      for (const batch of batches) {
        const came = events.slice(next, next + batch.length);
        // Sorting is stable: events of one moment stay in the order in which they came.
        const expected = came.sort((one, other) => one.timestamp - other.timestamp);
        expect(batch.every((each, index) => each === expected[index])).toBe(true);
        next += batch.length;
      }
      expect(next).toBe(events.length);
    }),
    { numRuns: 60 },
  );
});

test('fills each batch as far as the limits allow', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const batches = await batchesOf(events);
      let next = 0;
      for (const batch of batches.slice(0, -1)) {
        next += batch.length;
        const more = [...batch, events[next] ?? { timestamp: NaN, message: '' }];
        const times = more.map(({ timestamp }) => timestamp);
        const bytes = more.reduce((sum, each) => sum + sizeOf(each), 0);
        const span = Math.max(...times) - Math.min(...times);
        expect([more.length > 10_000, bytes > 1_048_576, span > day]).toContain(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('puts at most 10,000 events into a batch', async () => {
  const events = Array.from({ length: 20_001 }, (_, index) => ({ timestamp: index, message: '' }));
  expect((await batchesOf(events)).map(({ length }) => length)).toEqual([10_000, 10_000, 1]);
});

test('fills a batch exactly with four events of the maximum size', async () => {
  const largest = { timestamp: 0, message: 'a'.repeat(262_144 - 26) };
  expect((await batchesOf([largest, largest, largest, largest])).length).toBe(1);
  expect((await batchesOf([largest, largest, largest, { timestamp: 0, message: '' }, largest])).length).toBe(2);
});

test('limits a batch to 24 hours, in any order of events', async () => {
  const at = (...times: number[]) => batchesOf(times.map((timestamp) => ({ timestamp, message: '' })));
  expect(await at(day, 0)).toEqual([[expect.objectContaining({ timestamp: 0 }), expect.anything()]]);
  expect(await at(0, day + 1)).toHaveLength(2);
  expect(await at(day + 1, 0)).toHaveLength(2);
});

test('throws for an event above the size limit', async () => {
  const fits = { timestamp: 0, message: 'a' };
  const tooLarge = { timestamp: 0, message: 'a'.repeat(batchLimits.eventBytes - 25) };
  await expect(batchesOf([fits, tooLarge])).rejects.toThrow(
    'An event has 262145 bytes, and CloudWatch Logs accepts at most 262144.',
  );
});

test('returns no batch without events', async () => {
  expect(await batchesOf([])).toEqual([]);
});
