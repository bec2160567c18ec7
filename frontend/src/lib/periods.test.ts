import { expect, test } from 'vitest';
import { lastDays } from './periods.ts';

test('the last days end today and cross months', () => {
  expect(lastDays(1, new Date(2026, 2, 1, 23, 59))).toEqual({ from: '2026-03-01', to: '2026-03-01' });
  expect(lastDays(30, new Date(2026, 2, 1))).toEqual({ from: '2026-01-31', to: '2026-03-01' });
});
