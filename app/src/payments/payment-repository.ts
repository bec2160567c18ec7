import type { PoolClient } from 'pg';
import type { StoredPayment } from './payment.ts';

const columns = `id, status, amount_minor AS "amountMinor", captured_minor AS "capturedAmountMinor",
  refunded_minor AS "refundedAmountMinor", currency, payment_token AS "paymentToken", reference, description,
  decline_code AS "declineCode", acquirer_id AS "acquirerId", pending_operation AS "pendingOperation",
  to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "createdAt",
  to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "updatedAt"`;

/** One payment of the merchant of this transaction. */
export async function findPayment(client: PoolClient, id: string): Promise<StoredPayment | undefined> {
  const { rows } = await client.query<StoredPayment>(`SELECT ${columns} FROM payments.payments WHERE id = $1`, [id]);
  return rows[0];
}

/** The same, held until the transaction ends. */
export async function lockPayment(client: PoolClient, id: string): Promise<StoredPayment | undefined> {
  const { rows } = await client.query<StoredPayment>(
    `SELECT ${columns} FROM payments.payments WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return rows[0];
}

/** Reserves the payment for one operation. */
export async function beginOperation(client: PoolClient, paymentId: string, operationId: string): Promise<void> {
  await client.query('UPDATE payments.payments SET pending_operation = $2 WHERE id = $1', [paymentId, operationId]);
}

/** What a list of payments is narrowed by. */
export interface PaymentFilter {
  readonly status?: string;
  readonly currency?: string;
  readonly reference?: string;
  readonly createdFrom?: string;
  readonly createdTo?: string;
}

/** Where a list goes on: the time and id of the last item that was seen. */
export interface Position {
  readonly createdAt: string;
  readonly id: string;
}

/** Payments of the merchant, newest first, from a position on. */
export async function listPayments(
  client: PoolClient,
  filter: PaymentFilter,
  after: Position | undefined,
  limit: number,
): Promise<StoredPayment[]> {
  const { rows } = await client.query<StoredPayment>(
    `SELECT ${columns} FROM payments.payments
     WHERE merchant_id = current_setting('app.merchant_id')::uuid
       AND ($1::text IS NULL OR status = $1) AND ($2::text IS NULL OR currency = $2) AND ($3::text IS NULL OR reference = $3)
       AND ($4::timestamptz IS NULL OR created_at >= $4) AND ($5::timestamptz IS NULL OR created_at < $5)
       AND ($6::timestamptz IS NULL OR (created_at, id) < ($6, $7::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $8`,
    [
      filter.status ?? null,
      filter.currency ?? null,
      filter.reference ?? null,
      filter.createdFrom ?? null,
      filter.createdTo ?? null,
      after?.createdAt ?? null,
      after?.id ?? null,
      limit,
    ],
  );
  return rows;
}

/** One line of a payment's timeline. */
export interface PaymentEvent {
  readonly id: string;
  readonly type: string;
  readonly amountMinor: number | null;
  readonly detail: string | null;
  readonly occurredAt: string;
}

/** Everything that happened to a payment, oldest first. */
export async function listEvents(client: PoolClient, paymentId: string): Promise<PaymentEvent[]> {
  const { rows } = await client.query<PaymentEvent>(
    `SELECT id, type, amount_minor AS "amountMinor", detail,
       to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "occurredAt"
     FROM payments.payment_events WHERE payment_id = $1 ORDER BY occurred_at, id`,
    [paymentId],
  );
  return rows;
}
