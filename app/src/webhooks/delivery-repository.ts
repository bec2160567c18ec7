import type { Pool } from 'pg';
import { asynchronousCommit } from '../db/asynchronous-commit.ts';
import { isoTime } from '../db/iso-time.ts';
import type { AttemptResult } from './send.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** A delivery that this process has claimed, until its lease ends. */
export interface ClaimedDelivery extends WebhookEvent {
  readonly id: string;
  /** Counts the claims, so that a process whose lease has ended records nothing. */
  readonly attempt: number;
  /** The failed attempts before this one. */
  readonly failures: number;
  readonly endpointId: string;
  readonly url: string;
  readonly sealedSecrets: readonly Buffer[];
  readonly eventId: string;
  readonly correlationId: string;
}

/** An attempt to deliver. */
export interface Attempt extends AttemptResult {
  readonly delivery: ClaimedDelivery;
  readonly delivered: boolean;
  /** The pause before the next attempt if this one failed, in seconds. */
  readonly retrySeconds: number;
}

/** A delivery after an attempt. */
export interface RecordedAttempt {
  readonly status: 'pending' | 'delivered' | 'parked';
  /** Why this attempt disabled the endpoint; `null` if it did not. */
  readonly disabledReason: string | null;
}

/**
 * Claims due deliveries, at most `most`, in order for each payment and endpoint. If a crash loses the commit, they are sent again, which
 * receivers must tolerate anyway.
 */
export async function claimDeliveries(pool: Pool, most: number, leaseSeconds: number): Promise<ClaimedDelivery[]> {
  const { rows } = await pool.query<ClaimedDelivery>({
    name: 'claim-webhook-deliveries',
    text: `SELECT id, attempt, failures, endpoint_id AS "endpointId", url, sealed_secrets AS "sealedSecrets", event_id AS "eventId",
             event_type AS type, payment_id AS "paymentId", payload, ${isoTime('occurred_at')} AS "occurredAt",
             correlation_id AS "correlationId"
           FROM ${asynchronousCommit}, payments.claim_webhook_deliveries($1, make_interval(secs => $2))`,
    values: [most, leaseSeconds],
  });
  return rows;
}

/** Records attempts. Returns one result for each, in their order; `undefined` for each whose delivery was claimed again meanwhile. */
export async function recordAttempts(
  pool: Pool,
  attempts: readonly Attempt[],
): Promise<(RecordedAttempt | undefined)[]> {
  const made = attempts.map(({ delivery, delivered, retrySeconds, ...result }) => ({
    id: delivery.id,
    attempt: delivery.attempt,
    endpoint_id: delivery.endpointId,
    delivered,
    retry_seconds: retrySeconds,
    started_at: result.startedAt,
    duration_ms: result.durationMilliseconds,
    status_code: result.statusCode,
    error: result.error,
    response_start: result.responseStart,
  }));
  const { rows } = await pool.query<RecordedAttempt & { readonly id: string }>({
    name: 'record-webhook-attempts',
    text: `SELECT id, status, disabled_reason AS "disabledReason"
           FROM ${asynchronousCommit}, payments.record_webhook_attempts($1)`,
    values: [JSON.stringify(made)],
  });
  const recorded = new Map(rows.map(({ id, ...result }) => [id, result]));
  return attempts.map(({ delivery }) => recorded.get(delivery.id));
}
