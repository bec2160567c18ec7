import { newestFirst, type Position } from '../db/newest-first.ts';
import { type Reading, reading } from '../db/reading.ts';

/** What the acquirer owes the platform, and what the platform owes the merchant. */
export const accounts = ['acquirer_receivable', 'merchant_payable'] as const;
export type Account = (typeof accounts)[number];

/**
 * Money that moves because of a payment: a debit and a credit of the same amount. A capture debits what the acquirer owes the platform, a
 * refund credits it. The database refuses one that does not balance.
 */
export interface Posting {
  readonly kind: 'capture' | 'refund';
  readonly amountMinor: number;
}

/** One side of a posting, as its merchant sees it. */
export interface Entry {
  readonly id: string;
  readonly postingId: string;
  readonly paymentId: string;
  readonly account: Account;
  readonly direction: 'debit' | 'credit';
  readonly amountMinor: number;
  readonly currency: string;
  readonly createdAt: string;
}

const columns = `id, posting_id AS "postingId", payment_id AS "paymentId", account,
  CASE WHEN amount_minor > 0 THEN 'debit' ELSE 'credit' END AS direction, abs(amount_minor) AS "amountMinor", currency,
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAt"`;

/** The entries of one payment of the caller, oldest first. */
export function entriesOfPayment(paymentId: string): Reading<Entry> {
  return reading(
    (value) =>
      `SELECT ${columns} FROM payments.entries
       WHERE merchant_id = caller.merchant AND payment_id = ${value(paymentId)} ORDER BY created_at, id`,
  );
}

/** Entries of the caller, newest first, from a position on. */
export function pageOfEntries(
  { account, currency }: { readonly account?: string; readonly currency?: string },
  after: Position | undefined,
  limit: number,
): Reading<Entry> {
  return newestFirst({ table: 'payments.entries', columns, after, limit }, (value) => [
    account && `account = ${value(account)}`,
    currency && `currency = ${value(currency)}`,
  ]);
}

/** What stands on one account in one currency: positive is a debit balance. */
export interface Balance {
  readonly account: Account;
  readonly currency: string;
  readonly balanceMinor: number;
}

/** The caller's balances; those of one currency sum to zero. */
export const balances: Reading<Balance> = reading(
  () => `SELECT account, currency, sum(amount_minor)::bigint AS "balanceMinor" FROM payments.entries
         WHERE merchant_id = caller.merchant GROUP BY account, currency ORDER BY currency, account`,
);
