import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { PaymentService } from './payment-service.ts';

/** What the recovery works with. */
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
 * Ends operations that stopped half-way and that nobody asks for again. Safe to run in several processes: the lease lets one go on.
 *
 * @param olderThanSeconds how long the lease must have been over, so that a client's own retry comes first
 * @returns how many were ended
 */
export async function recoverStuckOperations(
  { pool, payments, logger }: RecoveryDependencies,
  olderThanSeconds: number,
): Promise<number> {
  const { rows } = await pool.query<StuckOperation>(
    `SELECT * FROM payments.stuck_operations(make_interval(secs => $1), 50)`,
    [olderThanSeconds],
  );
  let ended = 0;
  for (const { merchant_id: merchantId, key, request_hash: requestHash, correlation_id: correlationId } of rows) {
    try {
      const answer = await payments.resume({ merchantId, key, requestHash, correlationId });
      if (answer && answer.status !== 202) ended += 1;
    } catch (error) {
      // The next round tries again; the others must not wait for this one.
      logger.error({ err: error, merchantId, correlationId }, 'a stuck operation could not be ended');
    }
  }
  if (ended > 0) logger.warn({ ended }, 'operations that had stopped half-way were ended');
  return ended;
}
