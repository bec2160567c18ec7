import { expect, test } from 'vitest';
import { median, percentile, sift } from '../../bench/statistics.ts';

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

test('of one value every percentile is that one, and of none there is none', () => {
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

test('samples that others have spoilt are put aside and counted', () => {
  const samples = [0.01, 0.2, 0.05, 0.051].map((foreignShare) => ({ foreignShare }));
  expect(sift(samples, 0.05)).toEqual({ kept: [{ foreignShare: 0.01 }, { foreignShare: 0.05 }], discarded: 2 });
});
