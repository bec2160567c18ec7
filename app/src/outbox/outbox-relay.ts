import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { OutboxEvent, OutboxTransport } from './outbox-event.ts';

/** What the relay works with. */
export interface OutboxRelayDependencies {
  readonly pool: Pool;
  readonly transport: OutboxTransport;
  readonly logger: Logger;
  /** How long to rest when nothing waits. @default 500 */
  readonly idleMilliseconds?: number;
}

/** Something that runs until it is told to end. */
export interface Running {
  /** Ends after what is being done; resolves then. */
  stop(): Promise<void>;
}

const batchSize = 250;
const leaseSeconds = 30;

/**
 * Delivers events that wait in the outbox, at least once and in order for each payment, until it is stopped. Several processes may do
 * so at the same time. A delivery that fails is repeated after 1, 2, 4 … at most 300 seconds, and not before its lease is over.
 */
export function startOutboxRelay(dependencies: OutboxRelayDependencies): Running {
  const { logger, idleMilliseconds = 500 } = dependencies;
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      const delivered = await deliverOnce(dependencies).catch((error: unknown) => {
        logger.error({ err: error }, 'outbox delivery failed; retrying');
        return 0;
      });
      if (delivered === 0) await sleep(idleMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/**
 * The relay's own bookkeeping does not wait for the disk: when the server loses the last of it, an event is delivered once more. An event
 * that was counted in the same database is not: what was committed before it is not lost later than it.
 *
 * @see https://www.postgresql.org/docs/17/wal-async-commit.html
 */
const withoutWaiting = `set_config('synchronous_commit', 'off', true)`;

/** Delivers one batch. Returns how many events arrived. */
export async function deliverOnce({
  pool,
  transport,
}: Pick<OutboxRelayDependencies, 'pool' | 'transport'>): Promise<number> {
  const { rows } = await pool.query<OutboxEvent>({
    name: 'take-from-outbox',
    text: `SELECT id, merchant_id AS "merchantId", payment_id AS "paymentId", type, payload, created_at AS "createdAt",
             correlation_id AS "correlationId", trace_header AS "traceHeader"
           FROM ${withoutWaiting}, payments.take_from_outbox($1, make_interval(secs => $2))`,
    values: [batchSize, leaseSeconds],
  });
  if (rows.length === 0) return 0;
  const delivered = await transport.deliver(rows);
  await pool.query({
    name: 'mark-delivered',
    text: `SELECT FROM ${withoutWaiting}, payments.mark_delivered($1::uuid[])`,
    values: [delivered],
  });
  return delivered.length;
}
