import type { DailyTotal } from '@payment-platform/app/api-types';
import { expect, test } from 'vitest';
import { approvalRate, periodsOf, summarize } from './figures.ts';

const total = (day: string, changes: Partial<DailyTotal> = {}): DailyTotal => ({
  day,
  currency: 'EUR',
  approvedCount: 1,
  declinedCount: 0,
  capturedMinor: 100,
  refundedMinor: 0,
  ...changes,
});

test('a period ends today in UTC, and the one before has as many days', () => {
  const now = new Date('2026-03-02T23:30:00-05:00');
  expect(periodsOf(1, now)).toEqual({
    current: { from: '2026-03-03', to: '2026-03-03' },
    previous: { from: '2026-03-02', to: '2026-03-02' },
  });
  expect(periodsOf(7, now)).toEqual({
    current: { from: '2026-02-25', to: '2026-03-03' },
    previous: { from: '2026-02-18', to: '2026-02-24' },
  });
});

test('totals are summed by currency and period, and a day without payments has no volume', () => {
  const summaries = summarize(
    [
      total('2026-03-03', { declinedCount: 3, refundedMinor: 40 }),
      total('2026-03-01', { capturedMinor: 250 }),
      total('2026-02-28', { capturedMinor: 70 }),
      total('2026-02-26', { currency: 'JPY', approvedCount: 9, capturedMinor: 5000 }),
    ],
    { from: '2026-03-01', to: '2026-03-03' },
  );
  const none = { volumeMinor: 0, approvedCount: 0, declinedCount: 0, refundedMinor: 0 };
  expect(summaries.map(({ currency }) => currency)).toEqual(['JPY', 'EUR']);
  expect(summaries[0]).toMatchObject({ current: none, previous: { ...none, volumeMinor: 5000, approvedCount: 9 } });
  expect(summaries[1]).toEqual({
    currency: 'EUR',
    current: { volumeMinor: 350, approvedCount: 2, declinedCount: 3, refundedMinor: 40 },
    previous: { ...none, volumeMinor: 70, approvedCount: 1 },
    volumes: [
      { day: '2026-03-01', volumeMinor: 250 },
      { day: '2026-03-02', volumeMinor: 0 },
      { day: '2026-03-03', volumeMinor: 100 },
    ],
  });
});

test('without a decided payment there is no approval rate', () => {
  const figures = { volumeMinor: 0, refundedMinor: 0, approvedCount: 3, declinedCount: 1 };
  expect(approvalRate(figures)).toBe(0.75);
  expect(approvalRate({ ...figures, approvedCount: 0, declinedCount: 0 })).toBeUndefined();
});
