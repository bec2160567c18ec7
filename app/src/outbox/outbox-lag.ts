import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type BackgroundLoop, startLoop } from '../background-loop.ts';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';

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
  return startLoop(async () => {
    await outboxLagSeconds(pool).then(
      (seconds) => {
        metrics.outboxLag(seconds);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'outbox lag could not be measured');
      },
    );
    return intervalMilliseconds;
  });
}

async function outboxLagSeconds(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seconds: number }>('SELECT payments.outbox_lag_seconds() AS seconds');
  return rows[0]?.seconds ?? 0;
}
