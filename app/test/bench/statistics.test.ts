import { describe, expect, test } from 'vitest';
import { median, percentile, sampleUntil } from '../../bench/statistics.ts';

const oneToHundred = Array.from({ length: 100 }, (_, index) => 100 - index);

test.each([
  [0.5, 50],
  [0.99, 99],
  [1, 100],
  [0, 1],
  [0.991, 100],
])('the percentile %d of 1 to 100 is %d', (share, value) => {
  expect(percentile(oneToHundred, share)).toBe(value);
});

test('one value is every percentile; no values have none', () => {
  expect(percentile([7], 0.99)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[5], 5],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle);
});

describe('sampling', () => {
  const taking = (shares: readonly number[]) => {
    const left = shares.map((foreignShare) => ({ foreignShare }));
    return () => Promise.resolve(left.shift() ?? { foreignShare: 1 });
  };
  const sampling = { wanted: 2, mostForeignShare: 0.05 };

  test('repeats disturbed samples', async () => {
    const { all, counted, note } = await sampleUntil(sampling, taking([0.01, 0.2, 0.051, 0.05, 0]));
    expect(all).toHaveLength(4);
    expect(counted).toEqual([{ foreignShare: 0.01 }, { foreignShare: 0.05 }]);
    expect(note).toMatch(/^2 put aside/);
  });

  test('stops repeating after a limit and reports disturbed samples', async () => {
    const some = await sampleUntil(sampling, taking([0.01]));
    expect(some.counted).toEqual([{ foreignShare: 0.01 }]);
    expect(some.note).toMatch(/^ONLY 1 OF 6 /);
    const none = await sampleUntil(sampling, taking([]));
    expect(none.counted).toHaveLength(6);
    expect(none.note).toMatch(/^ONLY 0 OF 6 /);
  });
});
