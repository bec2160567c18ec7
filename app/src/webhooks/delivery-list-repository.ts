import type { Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import { isoTime } from '../db/iso-time.ts';
import { type MerchantQuery, merchantQuery } from '../db/merchant-query.ts';
import { newestFirst, type Position } from '../db/newest-first.ts';
import type { RecordedAttempt } from './delivery-repository.ts';

/** A delivery as its merchant sees it. */
export interface DeliveryView {
  readonly id: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly paymentId: string | null;
  readonly status: DeliveryStatus;
  readonly createdAt: string;
  /** `null` unless it is pending. */
  readonly nextAttemptAt: string | null;
  readonly endedAt: string | null;
}

export type DeliveryStatus = RecordedAttempt['status'];

/** An attempt as its merchant sees it. */
export interface AttemptView {
  readonly id: string;
  readonly createdAt: string;
  readonly durationMilliseconds: number;
  readonly statusCode: number | null;
  readonly error: string | null;
  readonly responseStart: string | null;
}

/** The deliveries that are sent again: one, or those that were created in a period and have a status. */
export type Resent =
  { readonly id: string } | { readonly from: string; readonly to: string; readonly status?: DeliveryStatus };

const columns = `id, event_id AS "eventId", event_type AS "eventType", payment_id AS "paymentId", status,
  ${isoTime('created_at')} AS "createdAt", CASE WHEN status = 'pending' THEN ${isoTime('next_attempt_at')} END AS "nextAttemptAt",
  ${isoTime('ended_at')} AS "endedAt"`;
const attemptColumns = `id, ${isoTime('created_at')} AS "createdAt", duration_ms AS "durationMilliseconds",
  status_code AS "statusCode", error, response_start AS "responseStart"`;
const table = 'payments.webhook_deliveries';

/** Selects deliveries to an endpoint of the caller, newest first, after a position. */
export function pageOfDeliveries(
  endpointId: string,
  status: DeliveryStatus | undefined,
  after: Position | undefined,
  limit: number,
): MerchantQuery<DeliveryView> {
  return newestFirst({ table, columns, after, limit }, (value) => [
    `endpoint_id = ${value(endpointId)}`,
    status && `status = ${value(status)}`,
  ]);
}

/** Selects a delivery to an endpoint of the caller. */
export function deliveryOf(endpointId: string, id: string): MerchantQuery<DeliveryView> {
  return merchantQuery(
    (value) => `SELECT ${columns} FROM ${table}
      WHERE merchant_id = caller.merchant AND endpoint_id = ${value(endpointId)} AND id = ${value(id)}`,
  );
}

/** Selects the attempts of a delivery, newest first, after a position. */
export function pageOfAttempts(
  deliveryId: string,
  after: Position | undefined,
  limit: number,
): MerchantQuery<AttemptView> {
  return newestFirst({ table: 'payments.webhook_attempts', columns: attemptColumns, after, limit }, (value) => [
    `delivery_id = ${value(deliveryId)}`,
  ]);
}

/** Adds a test event for an endpoint. Returns the id of the delivery; `undefined` if the merchant has no such endpoint. */
export async function addTestDelivery(
  pool: Pool,
  merchantId: string,
  endpointId: string,
  correlationId: string,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>('SELECT payments.add_test_delivery($1, $2, $3, $4) AS id', [
    merchantId,
    endpointId,
    uuid(),
    correlationId,
  ]);
  return rows[0]?.id;
}

/** Lets deliveries be sent again, except those that are being sent. Returns their number; `undefined` if there are more than 10,000. */
export async function resendDeliveries(
  pool: Pool,
  merchantId: string,
  endpointId: string,
  wanted: Resent,
): Promise<number | undefined> {
  const values = 'id' in wanted ? [wanted.id, null, null, null] : [null, wanted.from, wanted.to, wanted.status];
  const { rows } = await pool.query<{ resent: number | null }>(
    'SELECT payments.resend_webhook_deliveries($1, $2, $3, $4, $5, $6) AS resent',
    [merchantId, endpointId, ...values],
  );
  return rows[0]?.resent ?? undefined;
}
