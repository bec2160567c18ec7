import type { DailyTotal } from '@payment-platform/app/api-types';

/** Days in UTC, as the platform counts them, such as `2026-11-21`. Both are included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** The figures of a period in one currency. Amounts are in minor units. */
export interface Figures {
  readonly volumeMinor: number;
  readonly approvedCount: number;
  readonly declinedCount: number;
  readonly refundedMinor: number;
}

/** The totals of a period and of the one before, in one currency. */
export interface CurrencySummary {
  readonly currency: string;
  readonly current: Figures;
  readonly previous: Figures;
  /** The amount that was captured on each day of the period, oldest first, in minor units. */
  readonly volumes: readonly { readonly day: string; readonly volumeMinor: number }[];
}

const dayMilliseconds = 86_400_000;

function dayBefore(day: string, count: number): string {
  return new Date(Date.parse(day) - count * dayMilliseconds).toISOString().slice(0, 10);
}

/** The last `count` days, today included, and as many before them. */
export function periodsOf(count: number, now = new Date()): { readonly current: Days; readonly previous: Days } {
  const today = now.toISOString().slice(0, 10);
  const from = dayBefore(today, count - 1);
  return { current: { from, to: today }, previous: { from: dayBefore(from, count), to: dayBefore(from, 1) } };
}

/** Sums daily totals by currency: the current period beside the one before. The currency with the most payments is first. */
export function summarize(totals: readonly DailyTotal[], current: Days): CurrencySummary[] {
  const days = daysOf(current);
  const currencies = [...new Set(totals.map(({ currency }) => currency))];
  const summaries = currencies.map((currency): CurrencySummary => {
    const own = totals.filter((total) => total.currency === currency);
    return {
      currency,
      current: sumOf(own.filter(({ day }) => day >= current.from)),
      previous: sumOf(own.filter(({ day }) => day < current.from)),
      volumes: days.map((day) => ({ day, volumeMinor: sumOf(own.filter((total) => total.day === day)).volumeMinor })),
    };
  });
  const attempts = ({ current, previous }: CurrencySummary) =>
    current.approvedCount + current.declinedCount + previous.approvedCount + previous.declinedCount;
  return summaries.sort((left, right) => attempts(right) - attempts(left));
}

function daysOf({ from, to }: Days): string[] {
  const count = (Date.parse(to) - Date.parse(from)) / dayMilliseconds + 1;
  return Array.from({ length: count }, (_, index) => dayBefore(from, -index));
}

function sumOf(totals: readonly DailyTotal[]): Figures {
  const sum = (field: 'capturedMinor' | 'approvedCount' | 'declinedCount' | 'refundedMinor') =>
    totals.reduce((total, each) => total + each[field], 0);
  return {
    volumeMinor: sum('capturedMinor'),
    approvedCount: sum('approvedCount'),
    declinedCount: sum('declinedCount'),
    refundedMinor: sum('refundedMinor'),
  };
}

/** The approved share of the payments that the acquirer decided, 0 to 1; `undefined` without any. */
export function approvalRate({ approvedCount, declinedCount }: Figures): number | undefined {
  const decided = approvedCount + declinedCount;
  return decided === 0 ? undefined : approvedCount / decided;
}
