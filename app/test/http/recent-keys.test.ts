import { expect, test } from 'vitest';
import { RecentKeys } from '../../src/http/recent-keys.ts';

test('remembers the last 10,000 keys, and never more than 20,000', () => {
  const keys = new RecentKeys();
  for (let index = 0; index < 35_000; index += 1) keys.add(`key-${index}`);
  const remembered = Array.from({ length: 35_000 }, (_, index) => keys.has(`key-${index}`));
  expect(remembered.slice(-10_000).every(Boolean)).toBe(true);
  expect(remembered.filter(Boolean).length).toBeLessThanOrEqual(20_000);
});
