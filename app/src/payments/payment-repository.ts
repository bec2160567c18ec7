import type { PoolClient } from 'pg';
import { isoTime } from '../db/iso-time.ts';
import { newestFirst, type Position } from '../db/newest-first.ts';
import { type BindValue, type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';
import type { EventActor } from './payment-events.ts';
import type { StoredPayment } from './payment.ts';

const columns = `id, status, amount_minor AS "amountMinor", captured_minor AS "capturedAmountMinor",
  refunded_minor AS "refundedAmountMinor", currency, payment_token AS "paymentToken", reference, description,
  decline_code AS "declineCode",
  CASE WHEN status = 'requires_action' THEN json_build_object('type', 'redirect', 'url', action_url) END AS "nextAction", acquirer_id AS "acquirerId", pending_operation AS "pendingOperation",
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

/** The filters of a list of payments. */
export interface PaymentFilter {
  readonly status?: string;
  readonly currency?: string;
  readonly reference?: string;
  readonly createdFrom?: string;
  readonly createdTo?: string;
  /** Minor units of whatever currency a payment has, as digits. */
  readonly amountFrom?: string;
  readonly amountTo?: string;
  readonly declineCode?: string;
}

/** The conditions of a filter on rows of `payments.payments`. */
export function paymentConditions(
  { status, currency, reference, createdFrom, createdTo, amountFrom, amountTo, declineCode }: PaymentFilter,
  value: BindValue,
): readonly (string | undefined)[] {
  return [
    status && `status = ${value(status)}`,
    currency && `currency = ${value(currency)}`,
    reference && `reference = ${value(reference)}`,
    createdFrom && `created_at >= ${value(createdFrom)}`,
    createdTo && `created_at < ${value(createdTo)}`,
    amountFrom && `amount_minor >= ${value(amountFrom)}`,
    amountTo && `amount_minor <= ${value(amountTo)}`,
    declineCode && `decline_code = ${value(declineCode)}`,
  ];
}

/** Payments of the caller, newest first, from a position on. */
export function pageOfPayments(
  filter: PaymentFilter,
  after: Position | undefined,
  limit: number,
): MerchantQuery<StoredPayment> {
  return newestFirst({ table: 'payments.payments', columns, after, limit }, (value) =>
    paymentConditions(filter, value),
  );
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
