import { newestFirst, type Position } from '../db/newest-first.ts';
import { isoTime } from '../db/iso-time.ts';
import { type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';
import type { Account } from './posting.ts';

/** A ledger entry as its merchant sees it. The amount is in minor units. */
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
  ${isoTime('created_at')} AS "createdAt"`;

/** The entries of one payment of the caller, oldest first. */
export function entriesOfPayment(paymentId: string): MerchantQuery<Entry> {
  return merchantQuery(
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
): MerchantQuery<Entry> {
  return newestFirst({ table: 'payments.entries', columns, after, limit }, (value) => [
    account && `account = ${value(account)}`,
    currency && `currency = ${value(currency)}`,
  ]);
}

/** The balance of one account in one currency, in minor units. A debit balance is positive. */
export interface Balance {
  readonly account: Account;
  readonly currency: string;
  readonly balanceMinor: number;
}

/** The caller's balances; those of one currency sum to zero. */
export const balances: MerchantQuery<Balance> = merchantQuery(
  () => `SELECT account, currency, sum(amount_minor)::bigint AS "balanceMinor" FROM payments.entries
         WHERE merchant_id = caller.merchant GROUP BY account, currency ORDER BY currency, account`,
);
