import type { PoolClient } from 'pg';

/** What one day brought in one currency, as the event consumer counted it. */
export interface DailyTotal {
  readonly day: string;
  readonly currency: string;
  readonly approvedCount: number;
  readonly declinedCount: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

/** The merchant's days, newest first; both ends included. */
export async function dailyTotals(
  client: PoolClient,
  from: string | undefined,
  to: string | undefined,
): Promise<DailyTotal[]> {
  const { rows } = await client.query<DailyTotal>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, currency, approved_count AS "approvedCount", declined_count AS "declinedCount",
       captured_minor AS "capturedMinor", refunded_minor AS "refundedMinor"
     FROM payments.daily_totals
     WHERE ($1::date IS NULL OR day >= $1) AND ($2::date IS NULL OR day <= $2)
     ORDER BY day DESC, currency LIMIT 366`,
    [from ?? null, to ?? null],
  );
  return rows;
}
