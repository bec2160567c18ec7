import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WaitQueue } from '../../src/db/wait-queue.ts';
import { ConcurrencyLimit } from '../../src/http/concurrency-limit.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const settings = { targetMilliseconds: 100, min: 32, max: 2048 };

/** A queue that serves a fixed number of items a second, and the limit in front of it, after `seconds` in which requests never end. */
function limitAfter(seconds: number, itemsPerSecond: number): number {
  const queue = new WaitQueue();
  const limit = new ConcurrencyLimit(queue, settings);
  const leave: (() => void)[] = [];
  for (let tick = 0; tick < seconds * 100; tick += 1) {
    while (queue.size < limit.value) leave.push(queue.join());
    limit.reached();
    vi.advanceTimersByTime(10);
    for (const each of leave.splice(0, itemsPerSecond / 100)) each();
  }
  return limit.value;
}

test.each([
  [1000, 100],
  [4000, 400],
  [10_000, 1000],
])('finds the length at which a queue of %d items a second keeps its target: about %d', (itemsPerSecond, expected) => {
  const found = limitAfter(60, itemsPerSecond);
  expect(found).toBeGreaterThan(expected * 0.75);
  expect(found).toBeLessThan(expected * 1.25);
});

test('stays within its bounds', () => {
  expect(limitAfter(60, 100)).toBe(32);
  expect(limitAfter(120, 100_000)).toBe(2048);
});

test('does not grow while nothing is refused', () => {
  const queue = new WaitQueue();
  const limit = new ConcurrencyLimit(queue, settings);
  const before = limit.value;
  for (let item = 0; item < 100; item += 1) {
    const leave = queue.join();
    vi.advanceTimersByTime(5);
    leave();
    expect(limit.value).toBe(before);
  }
});

test('shrinks while the database answers nothing at all', () => {
  const queue = new WaitQueue();
  const limit = new ConcurrencyLimit(queue, settings);
  queue.join();
  for (let tick = 0; tick < 50; tick += 1) {
    vi.advanceTimersByTime(100);
    expect(limit.value).toBeGreaterThanOrEqual(32);
  }
  expect(limit.value).toBe(32);
});

test('returns to its beginning after an overload, so that a later burst is admitted', () => {
  const queue = new WaitQueue();
  const limit = new ConcurrencyLimit(queue, settings);
  const before = limit.value;
  const leave = queue.join();
  for (let tick = 0; tick < 50; tick += 1) {
    vi.advanceTimersByTime(100);
    expect(limit.value).toBeLessThanOrEqual(before);
  }
  expect(limit.value).toBe(32);
  leave();
  for (let tick = 0; tick < 100; tick += 1) {
    vi.advanceTimersByTime(100);
    expect(limit.value).toBeGreaterThanOrEqual(32);
  }
  expect(limit.value).toBeGreaterThanOrEqual(before);
});
