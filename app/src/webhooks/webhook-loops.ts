import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type BackgroundLoop, startLoop } from '../background-loop.ts';
import { pruneInBatches } from '../db/prune-in-batches.ts';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import type { Webhooks } from './create-webhooks.ts';
import { WebhookDispatcher } from './dispatcher.ts';

/** The dependencies of {@link startWebhooks}. */
export interface WebhookLoopsDependencies {
  readonly pool: Pool;
  readonly webhooks: Webhooks;
  readonly metrics: Pick<BusinessMetrics, 'webhookLag' | 'webhookParked'>;
  readonly logger: Logger;
}

const measureMilliseconds = 10_000;
const hour = 3_600_000;

/** Sends webhooks, measures how late they are and removes old ones, until the loops are stopped. */
export function startWebhooks({ pool, webhooks, metrics, logger }: WebhookLoopsDependencies): BackgroundLoop[] {
  const { secrets, policy } = webhooks;
  const repeat = (what: string, pause: number, work: (stopping: AbortSignal) => Promise<void>) =>
    startLoop(async (stopping) => {
      await work(stopping).catch((error: unknown) => {
        logger.error({ err: error }, `${what}; retrying`);
      });
      return pause;
    });
  return [
    new WebhookDispatcher({ pool, secrets, sending: { policy }, metrics, logger }).start(),
    repeat('webhook lag could not be measured', measureMilliseconds, async () => {
      metrics.webhookLag(await webhookLagSeconds(pool));
    }),
    repeat('old webhooks were not removed', hour, (stopping) => pruneWebhooks(pool, stopping)),
  ];
}

/** Removes deliveries and attempts that are older than 30 days. */
function pruneWebhooks(pool: Pool, stopping: AbortSignal): Promise<void> {
  return pruneInBatches(pool, stopping, (most) => ({
    text: 'SELECT payments.prune_webhooks($1) AS removed',
    values: [most],
  }));
}

async function webhookLagSeconds(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ seconds: number }>('SELECT payments.webhook_lag_seconds() AS seconds');
  return rows[0]?.seconds ?? 0;
}
