import { isoTime } from '../db/iso-time.ts';
import { all, type BindValue, type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';
import { fromOf, type Position, type Source } from '../db/newest-first.ts';
import { paymentConditions, type PaymentFilter, paymentSource } from '../payments/payment-filter.ts';
import { currencyOfRefund } from '../payments/refund-repository.ts';
import { decimalAmount } from './decimal-amount.ts';

/** A period: from the first time on, before the second. Both are ISO 8601. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** Further conditions on the rows; a report without them ignores them. */
export type ReportFilter = Omit<PaymentFilter, 'createdFrom' | 'createdTo'>;

/** One row of a report, in the order of its columns. Amounts are decimals. */
export type ReportRow = Readonly<Record<string, string | null>>;

/** What a report lists. */
export interface Report {
  /** The columns of the CSV file, and the members of a line of JSON. */
  readonly columns: readonly string[];
  /** Selects rows of the caller in a period that meet the conditions, oldest first, after a position. */
  query(
    wanted: Period & ReportFilter,
    after: Position | undefined,
    limit: number,
  ): MerchantQuery<Position & { readonly currency: string }>;
  /** Converts a row of the query. */
  toRow(row: never): ReportRow;
}

function oldestFirst<Row extends Position & { readonly currency: string }>(
  sourceOf: (filter: ReportFilter) => Source,
  columns: string,
  conditions: (filter: ReportFilter, value: BindValue) => readonly (string | undefined)[] = () => [],
): (wanted: Period & ReportFilter, after: Position | undefined, limit: number) => MerchantQuery<Row> {
  return ({ from, to, ...filter }, after, limit) =>
    merchantQuery((value) => {
      const { table, createdAt = 'created_at' } = sourceOf(filter);
      const rows = fromOf(table, value);
      const wanted = all(
        'merchant_id = caller.merchant',
        ...conditions(filter, value),
        `${createdAt} < ${value(to)}`,
        after
          ? `(${createdAt}, id) > (${value(after.createdAt)}, ${value(after.id)})`
          : `${createdAt} >= ${value(from)}`,
      );
      return `SELECT ${columns} FROM ${rows} WHERE ${wanted} ORDER BY ${createdAt}, id LIMIT ${value(limit)}`;
    });
}

interface PaymentRow extends Position {
  readonly updatedAt: string;
  readonly status: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly reference: string | null;
  readonly description: string | null;
  readonly declineCode: string | null;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Payments by the time of their creation, with their state now. */
export const paymentReport: Report = {
  columns: [
    'id',
    'createdAt',
    'updatedAt',
    'status',
    'currency',
    'amount',
    'capturedAmount',
    'refundedAmount',
    'reference',
    'description',
    'declineCode',
    'metadata',
  ],
  query: oldestFirst<PaymentRow>(
    paymentSource,
    `id, ${isoTime('created_at')} AS "createdAt", ${isoTime('updated_at')} AS "updatedAt", status, currency,
     amount_minor AS "amountMinor", captured_minor AS "capturedMinor", refunded_minor AS "refundedMinor", reference, description,
     decline_code AS "declineCode", metadata`,
    paymentConditions,
  ),
  toRow: ({ amountMinor, capturedMinor, refundedMinor, metadata, ...payment }: PaymentRow) => ({
    ...payment,
    metadata: Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : null,
    amount: decimalAmount(amountMinor, payment.currency),
    capturedAmount: decimalAmount(capturedMinor, payment.currency),
    refundedAmount: decimalAmount(refundedMinor, payment.currency),
  }),
};

interface RefundRow extends Position {
  readonly paymentId: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly reason: string | null;
}

/** Refunds that succeeded, by their time. */
export const refundReport: Report = {
  columns: ['id', 'createdAt', 'paymentId', 'currency', 'amount', 'reason'],
  query: oldestFirst<RefundRow>(
    () => ({ table: 'payments.refunds' }),
    `id, ${isoTime('created_at')} AS "createdAt", payment_id AS "paymentId", ${currencyOfRefund} AS currency,
     amount_minor AS "amountMinor", reason`,
  ),
  toRow: ({ amountMinor, ...refund }: RefundRow) => ({
    ...refund,
    amount: decimalAmount(amountMinor, refund.currency),
  }),
};

interface EntryRow extends Position {
  readonly postingId: string;
  readonly paymentId: string;
  readonly account: string;
  readonly direction: string;
  readonly currency: string;
  readonly amountMinor: number;
}

/** Ledger entries by the time of their posting. Debits and credits of a posting are equal. */
export const entryReport: Report = {
  columns: ['id', 'createdAt', 'postingId', 'paymentId', 'account', 'direction', 'currency', 'amount'],
  query: oldestFirst<EntryRow>(
    () => ({ table: 'payments.entries' }),
    `id, ${isoTime('created_at')} AS "createdAt", posting_id AS "postingId", payment_id AS "paymentId", account,
     CASE WHEN amount_minor > 0 THEN 'debit' ELSE 'credit' END AS direction, currency, abs(amount_minor) AS "amountMinor"`,
  ),
  toRow: ({ amountMinor, ...entry }: EntryRow) => ({ ...entry, amount: decimalAmount(amountMinor, entry.currency) }),
};
