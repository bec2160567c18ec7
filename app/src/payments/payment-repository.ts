import type { PoolClient } from 'pg';
import { isoTime } from '../db/iso-time.ts';
import { newestFirst, type Position } from '../db/newest-first.ts';
import { type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';
import type { EventActor } from './payment-events.ts';
import type { StoredPayment } from './payment.ts';
import { paymentConditions, type PaymentFilter, paymentSource } from './payment-filter.ts';

const columns = `id, status, amount_minor AS "amountMinor", captured_minor AS "capturedAmountMinor",
  refunded_minor AS "refundedAmountMinor", currency, payment_token AS "paymentToken", reference, description,
  decline_code AS "declineCode",
  CASE WHEN status = 'requires_action' THEN json_build_object('type', 'redirect', 'url', action_url) END AS "nextAction",
  metadata, acquirer_id AS "acquirerId", pending_operation AS "pendingOperation",
  ${isoTime('created_at')} AS "createdAt",
  ${isoTime('updated_at')} AS "updatedAt"`;

/** One payment of the merchant of this transaction. */
export async function findPayment(client: PoolClient, id: string): Promise<StoredPayment | undefined> {
  const { rows } = await client.query<StoredPayment>(`SELECT ${columns} FROM payments.payments WHERE id = $1`, [id]);
  return rows[0];
}

/** One payment of the caller. */
export function paymentOf(id: string): MerchantQuery<StoredPayment> {
  return merchantQuery(
    (value) => `SELECT ${columns} FROM payments.payments WHERE merchant_id = caller.merchant AND id = ${value(id)}`,
  );
}

/** One payment of the merchant of this transaction, locked until the transaction ends. */
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

/** Payments of the caller, newest first, from a position on. */
export function pageOfPayments(
  filter: PaymentFilter,
  after: Position | undefined,
  limit: number,
): MerchantQuery<StoredPayment> {
  return newestFirst({ ...paymentSource(filter), columns, after, limit }, (value) => paymentConditions(filter, value));
}

/** A row of a payment's timeline. */
export interface PaymentEvent {
  readonly id: string;
  readonly type: string;
  readonly amountMinor: number | null;
  readonly detail: string | null;
  /** `null` for what nobody asked for, such as the response of the acquirer to a new payment. */
  readonly actor: EventActor | null;
  readonly occurredAt: string;
}

/** The timeline of a payment of the caller, oldest first. */
export function eventsOf(paymentId: string): MerchantQuery<PaymentEvent> {
  return merchantQuery(
    (value) =>
      `SELECT id, type, amount_minor AS "amountMinor", detail, actor,
         ${isoTime('occurred_at')} AS "occurredAt"
       FROM payments.payment_events WHERE merchant_id = caller.merchant AND payment_id = ${value(paymentId)}
       ORDER BY occurred_at, id`,
  );
}
