import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { type BackgroundLoop, startLoop } from '../background-loop.ts';
import { pruneInBatches } from '../db/prune-in-batches.ts';
import { Problem } from '../problems.ts';
import { prepareExpiry } from './operation.ts';
import type { PaymentService } from './payment-service.ts';

/** The dependencies of expiry. */
export interface ExpiryDependencies {
  readonly pool: Pool;
  readonly payments: PaymentService;
  /** How long the acquirer keeps an authorization. */
  readonly authorizationDays: number;
  readonly logger: Logger;
}

interface ExpiredAuthorization {
  readonly merchant_id: string;
  readonly payment_id: string;
}

const intervalMilliseconds = 60_000;
const batch = 50;

/** Expires authorizations immediately and then about every minute, until it is stopped. */
export function startExpiry(dependencies: ExpiryDependencies): BackgroundLoop {
  return startLoop(async (stopping) => {
    try {
      while ((await expireAuthorizations(dependencies)) === batch && !stopping.aborted);
      await pruneAuthorizations(dependencies, stopping);
    } catch (error) {
      dependencies.logger.error({ err: error }, 'authorizations could not be expired; retrying');
    }
    // Tasks that start together must not expire the same authorizations together.
    return intervalMilliseconds * (0.5 + Math.random());
  });
}

/**
 * Expires one batch of authorizations that are older than their lifetime. Safe to run in several processes, because an expiry is an
 * operation with a key of its own. One that the acquirer does not answer is continued by the recovery.
 *
 * @returns the number of authorizations that were expired
 */
export async function expireAuthorizations({
  pool,
  payments,
  authorizationDays,
  logger,
}: ExpiryDependencies): Promise<number> {
  const { rows } = await pool.query<ExpiredAuthorization>(
    'SELECT * FROM payments.expired_authorizations(make_interval(days => $1), $2)',
    [authorizationDays, batch],
  );
  let expired = 0;
  for (const { merchant_id: merchantId, payment_id: paymentId } of rows) {
    // A client's key has no space, so it cannot be this one.
    const key = `expiry of ${paymentId}`;
    const requestHash = createHash('sha256').update(key).digest();
    try {
      const { status } = await payments.handle(
        { merchantId, key, requestHash, correlationId: paymentId },
        prepareExpiry(paymentId),
      );
      if (status === 200) expired += 1;
    } catch (error) {
      // Its merchant captured or voided it, or another process expires it.
      if (!(error instanceof Problem))
        logger.error({ err: error, merchantId, paymentId }, 'authorization not expired; retrying');
    }
  }
  if (expired > 0) logger.info({ expired }, 'authorizations expired');
  return expired;
}

/** Removes authorizations that their merchants captured or voided in time. */
function pruneAuthorizations({ pool, authorizationDays }: ExpiryDependencies, stopping: AbortSignal): Promise<void> {
  return pruneInBatches(pool, stopping, (most) => ({
    text: 'SELECT payments.prune_authorizations(make_interval(days => $1), $2) AS removed',
    values: [authorizationDays, most],
  }));
}
