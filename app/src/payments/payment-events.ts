import type { PoolClient } from 'pg';
import { v7 as uuid } from 'uuid';
import type { Caller } from '../db/transaction.ts';

/** What can happen to a payment, as consumers know it. */
export const eventTypes = [
  'payment.authorized',
  'payment.captured',
  'payment.declined',
  'payment.voided',
  'refund.succeeded',
  'refund.declined',
  'capture.declined',
  'void.declined',
] as const;

/** Asks for a payment to be taken; its id is that of the operation. */
export const requestType = 'payment.requested';

/** Something that happened to a payment. */
export interface NewEvent {
  readonly type: (typeof eventTypes)[number];
  readonly amountMinor: number;
  readonly currency: string;
  readonly detail?: string;
}

/** Writes events into the payment's timeline and, in the same transaction, into the outbox. */
export async function recordEvents(
  client: PoolClient,
  { merchantId, correlationId }: Caller,
  paymentId: string,
  events: readonly NewEvent[],
): Promise<void> {
  for (const { type, amountMinor, currency, detail } of events) {
    await client.query(
      `WITH event AS (
         INSERT INTO payments.payment_events (id, merchant_id, payment_id, type, amount_minor, detail)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id
       )
       INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload, correlation_id)
       SELECT id, $2, $3, $4, jsonb_build_object('amountMinor', $5::bigint, 'currency', $7::text, 'detail', $6::text), $8 FROM event`,
      [uuid(), merchantId, paymentId, type, amountMinor, detail ?? null, currency, correlationId],
    );
  }
}

/** Puts the request for a payment into the outbox; the timeline begins with the payment itself. */
export async function recordRequest(client: PoolClient, paymentId: string, operationId: string): Promise<void> {
  await client.query(
    `INSERT INTO payments.outbox (id, merchant_id, payment_id, type, payload)
     SELECT $1, merchant_id, id, $3, jsonb_build_object('amountMinor', amount_minor, 'currency', currency, 'detail', NULL)
     FROM payments.payments WHERE id = $2`,
    [operationId, paymentId, requestType],
  );
}
