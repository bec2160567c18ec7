import { all, type BindValue, type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';

/** The totals of one day in one currency, as the event consumer counted them. Amounts are minor units. */
export interface DailyTotal {
  readonly day: string;
  readonly currency: string;
  readonly approvedCount: number;
  readonly declinedCount: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

/** How many payments in one currency the acquirer declined for one reason. */
export interface DeclineCount {
  readonly currency: string;
  readonly declineCode: string;
  readonly declinedCount: number;
}

/** The caller's declined payments of a period of days by reason, most frequent first. `from` and `to` are inclusive. */
export function declineCounts(from: string | undefined, to: string | undefined): MerchantQuery<DeclineCount> {
  return merchantQuery(
    (value) => `SELECT currency, decline_code AS "declineCode", sum(declined_count)::bigint AS "declinedCount"
       FROM payments.daily_declines WHERE ${ofDays(value, from, to)}
       GROUP BY currency, decline_code ORDER BY currency, "declinedCount" DESC, decline_code LIMIT 1000`,
  );
}

/** The condition for the caller's rows of a period of days. */
function ofDays(value: BindValue, from: string | undefined, to: string | undefined): string {
  return all('merchant_id = caller.merchant', from && `day >= ${value(from)}`, to && `day <= ${value(to)}`);
}

/** The caller's daily totals, newest first. `from` and `to` are inclusive. */
export function dailyTotals(from: string | undefined, to: string | undefined): MerchantQuery<DailyTotal> {
  return merchantQuery((value) => {
    const conditions = ofDays(value, from, to);
    // `day` as it is stored orders the rows; as text it goes out.
    return `SELECT to_char(d.day, 'YYYY-MM-DD') AS day, currency, approved_count AS "approvedCount", declined_count AS "declinedCount",
         captured_minor AS "capturedMinor", refunded_minor AS "refundedMinor"
       FROM payments.daily_totals AS d WHERE ${conditions} ORDER BY d.day DESC, currency LIMIT 5000`;
  });
}
