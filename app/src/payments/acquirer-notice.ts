import type { Pool } from 'pg';
import type { Attempt, PaymentService } from './payment-service.ts';

/** The dependencies of {@link askAbout}. */
export interface NoticeDependencies {
  readonly pool: Pool;
  readonly payments: PaymentService;
}

/**
 * Asks the acquirer about an operation, because of a notice. Only the acquirer's own answer changes the payment, so a notice that is forged,
 * late, repeated or out of order changes nothing.
 *
 * @returns `unknown` for an operation that is finished, too
 */
export async function askAbout(
  { pool, payments }: NoticeDependencies,
  operationId: string,
  correlationId: string,
): Promise<Attempt> {
  const { rows } = await pool.query<{ merchantId: string | null }>(
    'SELECT payments.merchant_of_operation($1) AS "merchantId"',
    [operationId],
  );
  const merchantId = rows[0]?.merchantId;
  return merchantId == null ? 'unknown' : payments.finish({ merchantId, correlationId }, operationId);
}
