import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import type { Running } from './outbox-relay.ts';

/** What the measurement needs. */
export interface LagMeasurementDependencies {
  readonly pool: Pool;
  readonly metrics: Pick<BusinessMetrics, 'outboxLag'>;
  readonly logger: Logger;
  /** @default 10,000 */
  readonly intervalMilliseconds?: number;
}

/**
 * Measures how long the oldest undelivered event has waited, until it is stopped. It runs by time, beside the relay, so that it also
 * measures while the relay is busy or a delivery hangs: that is when the value matters.
 */
export function startLagMeasurement(dependencies: LagMeasurementDependencies): Running {
  const { pool, metrics, logger, intervalMilliseconds = 10_000 } = dependencies;
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await outboxLagSeconds(pool).then(
        (seconds) => {
          metrics.outboxLag(seconds);
        },
        (error: unknown) => {
          logger.error({ err: error }, 'outbox lag could not be measured');
        },
      );
      await sleep(intervalMilliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

async function outboxLagSeconds(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seconds: number }>('SELECT payments.outbox_lag_seconds() AS seconds');
  return rows[0]?.seconds ?? 0;
}
