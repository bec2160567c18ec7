import type { PoolClient } from 'pg';
import type { Position } from '../payments/payment-repository.ts';

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

/** The entries of one payment, oldest first. */
export async function entriesOfPayment(client: PoolClient, paymentId: string): Promise<Entry[]> {
  const { rows } = await client.query<Entry>(
    `SELECT ${columns} FROM payments.entries WHERE payment_id = $1 ORDER BY created_at, id`,
    [paymentId],
  );
  return rows;
}

/** Entries of the merchant, newest first, from a position on. */
export async function listEntries(
  client: PoolClient,
  filter: { readonly account?: string; readonly currency?: string },
  after: Position | undefined,
  limit: number,
): Promise<Entry[]> {
  const { rows } = await client.query<Entry>(
    `SELECT ${columns} FROM payments.entries
     WHERE merchant_id = current_setting('app.merchant_id')::uuid
       AND ($1::text IS NULL OR account = $1) AND ($2::text IS NULL OR currency = $2)
       AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $5`,
    [filter.account ?? null, filter.currency ?? null, after?.createdAt ?? null, after?.id ?? null, limit],
  );
  return rows;
}

/** What stands on one account in one currency: positive is a debit balance. */
export interface Balance {
  readonly account: Account;
  readonly currency: string;
  readonly balanceMinor: number;
}

/** The merchant's balances; those of one currency sum to zero. */
export async function balances(client: PoolClient): Promise<Balance[]> {
  const { rows } = await client.query<Balance>(
    `SELECT account, currency, sum(amount_minor)::bigint AS "balanceMinor" FROM payments.entries
     WHERE merchant_id = current_setting('app.merchant_id')::uuid GROUP BY account, currency ORDER BY currency, account`,
  );
  return rows;
}
