import type { Pool } from 'pg';
import { v7 as uuid } from 'uuid';
import type { ActionRequired } from '../acquirer/acquirer.ts';
import type { IdempotentRequestKey } from '../idempotency/idempotent-request.ts';
import type { PreparedOperation } from './operation.ts';

/** Stores that the customer must authenticate, with the event. Does nothing where another process was first. */
export async function requireAction(
  pool: Pool,
  { merchantId, key, span }: IdempotentRequestKey,
  { operationId, correlationId }: PreparedOperation,
  { acquirerId, url }: ActionRequired,
): Promise<void> {
  await pool.query('SELECT payments.require_action($1, $2, $3, $4, $5, $6, $7, $8)', [
    merchantId,
    key,
    operationId,
    uuid(),
    acquirerId,
    url,
    correlationId,
    span?.header,
  ]);
}
