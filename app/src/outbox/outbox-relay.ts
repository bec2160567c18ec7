import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type BackgroundLoop, startLoop } from '../background-loop.ts';
import { asynchronousCommit } from '../db/asynchronous-commit.ts';
import type { OutboxEvent, OutboxTransport } from './outbox-event.ts';

export interface OutboxRelayDependencies {
  readonly pool: Pool;
  readonly transport: OutboxTransport;
  readonly logger: Logger;
  /** The polling interval while the outbox is empty. @default 500 */
  readonly idleMilliseconds?: number;
}

const batchSize = 250;
const leaseSeconds = 30;

/**
 * Delivers events from the outbox at least once and in order per payment, until it is stopped. Several processes may run a relay. A failed
 * delivery is retried with exponential backoff, from 1 to 300 seconds, but not before its lease has expired.
 */
export function startOutboxRelay(dependencies: OutboxRelayDependencies): BackgroundLoop {
  const { logger, idleMilliseconds = 500 } = dependencies;
  return startLoop(async () => {
    const delivered = await deliverOnce(dependencies).catch((error: unknown) => {
      logger.error({ err: error }, 'outbox delivery failed; retrying');
      return 0;
    });
    return delivered === 0 ? idleMilliseconds : 0;
  });
}

/**
 * Delivers one batch. Returns the number of delivered events.
 *
 * If a crash loses an asynchronous commit, events are redelivered, which consumers tolerate. An event is never marked as delivered without
 * being counted, because the commit of its count precedes the mark in the WAL.
 */
export async function deliverOnce({
  pool,
  transport,
}: Pick<OutboxRelayDependencies, 'pool' | 'transport'>): Promise<number> {
  const { rows } = await pool.query<OutboxEvent>({
    name: 'take-from-outbox',
    text: `SELECT id, merchant_id AS "merchantId", payment_id AS "paymentId", type, payload, created_at AS "createdAt",
             correlation_id AS "correlationId", trace_header AS "traceHeader"
           FROM ${asynchronousCommit}, payments.take_from_outbox($1, make_interval(secs => $2))`,
    values: [batchSize, leaseSeconds],
  });
  if (rows.length === 0) return 0;
  const delivered = await transport.deliver(rows);
  await pool.query({
    name: 'mark-delivered',
    text: `SELECT FROM ${asynchronousCommit}, payments.mark_delivered($1::uuid[])`,
    values: [delivered],
  });
  return delivered.length;
}
