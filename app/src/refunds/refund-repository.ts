import type { PoolClient } from 'pg';

/** An amount that was given back. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string | null;
  readonly createdAt: string;
}

/** Stores a refund that the acquirer has made. */
export async function insertRefund(
  client: PoolClient,
  merchantId: string,
  refund: Omit<Refund, 'createdAt'>,
): Promise<Refund> {
  const { id, paymentId, amountMinor, reason } = refund;
  const { rows } = await client.query<{ createdAt: string }>(
    `INSERT INTO payments.refunds (id, merchant_id, payment_id, amount_minor, reason) VALUES ($1, $2, $3, $4, $5)
     RETURNING to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAt"`,
    [id, merchantId, paymentId, amountMinor, reason],
  );
  return { ...refund, createdAt: rows[0]?.createdAt ?? '' };
}
