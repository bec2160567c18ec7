import { all, type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';

/** The totals of one day in one currency, as the event consumer counted them. Amounts are minor units. */
export interface DailyTotal {
  readonly day: string;
  readonly currency: string;
  readonly approvedCount: number;
  readonly declinedCount: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

/** The caller's daily totals, newest first. `from` and `to` are inclusive. */
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
