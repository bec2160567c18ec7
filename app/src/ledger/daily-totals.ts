import { all, type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';

/** What one day brought in one currency, as the event consumer counted it. */
export interface DailyTotal {
  readonly day: string;
  readonly currency: string;
  readonly approvedCount: number;
  readonly declinedCount: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

/** The caller's days, newest first; both ends included. */
export function dailyTotals(from: string | undefined, to: string | undefined): MerchantQuery<DailyTotal> {
  return merchantQuery((value) => {
    const conditions = all(
      'merchant_id = caller.merchant',
      from && `day >= ${value(from)}`,
      to && `day <= ${value(to)}`,
    );
    // `day` as it is stored orders the rows; as text it goes out.
    return `SELECT to_char(d.day, 'YYYY-MM-DD') AS day, currency, approved_count AS "approvedCount", declined_count AS "declinedCount",
         captured_minor AS "capturedMinor", refunded_minor AS "refundedMinor"
       FROM payments.daily_totals AS d WHERE ${conditions} ORDER BY d.day DESC, currency LIMIT 366`;
  });
}
