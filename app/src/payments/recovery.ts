import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { PaymentService } from './payment-service.ts';

/** The dependencies of recovery. */
export interface RecoveryDependencies {
  readonly pool: Pool;
  readonly payments: PaymentService;
  readonly logger: Logger;
}

interface StuckOperation {
  readonly merchant_id: string;
  readonly key: string;
  readonly request_hash: Buffer;
  readonly correlation_id: string;
}

/**
 * Finishes operations that stopped half-way. Safe to run in several processes, because only one can take the lease of an operation.
 *
 * @param olderThanSeconds the least time since the lease expired, so that a client's own retry comes first
 * @returns the number of operations that were finished
 */
export async function recoverStuckOperations(
  { pool, payments, logger }: RecoveryDependencies,
  olderThanSeconds: number,
): Promise<number> {
  const { rows } = await pool.query<StuckOperation>(
    `SELECT * FROM payments.stuck_operations(make_interval(secs => $1), 50)`,
    [olderThanSeconds],
  );
  let finished = 0;
  for (const { merchant_id: merchantId, key, request_hash: requestHash, correlation_id: correlationId } of rows) {
    try {
      const result = await payments.resume({ merchantId, key, requestHash, correlationId });
      if (result && result.status !== 202) finished += 1;
    } catch (error) {
      // The next round retries. The other operations must not wait.
      logger.error({ err: error, merchantId, correlationId }, 'stuck operation not finished; retrying');
    }
  }
  if (finished > 0) logger.warn({ finished }, 'stuck operations finished');
  return finished;
}
