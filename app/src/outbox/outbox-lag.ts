import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import type { BackgroundLoop } from './outbox-relay.ts';

export interface LagMeasurementDependencies {
  readonly pool: Pool;
  readonly metrics: Pick<BusinessMetrics, 'outboxLag'>;
  readonly logger: Logger;
  /** @default 10,000 */
  readonly intervalMilliseconds?: number;
}

/**
 * Reports the age of the oldest undelivered event at an interval, until it is stopped. It runs independently of the relay, so that it also
 * reports while a delivery hangs.
 */
export function startLagMeasurement(dependencies: LagMeasurementDependencies): BackgroundLoop {
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
