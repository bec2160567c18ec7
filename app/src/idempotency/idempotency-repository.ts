import type { PoolClient } from 'pg';
import type { IdempotentRequest } from './idempotent-request.ts';

/** What is known of a request that was made before under the same key. */
export interface KnownRequest<Operation> {
  readonly key: string;
  readonly operationId: string;
  readonly requestHash: Buffer;
  /** The request that began it: its events are found under that, whichever request or process ends it. */
  readonly correlationId: string;
  readonly recoveryPoint: 'claimed' | 'prepared' | 'finished';
  readonly operation: Operation | null;
  readonly leased: boolean;
  readonly responseStatus: number | null;
  readonly responseBody: string | null;
}

/** How long one process may work on a request before another may take it over. Longer than any call to the acquirer. */
const lease = `interval '30 seconds'`;

/** Claims a key for a new request. `false` when it was used before; waits for a request that is claiming it just now. */
export async function claimKey(
  client: PoolClient,
  { merchantId, key, requestHash, correlationId }: IdempotentRequest,
  operationId: string,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO payments.idempotency_keys (merchant_id, key, operation_id, request_hash, correlation_id, leased_until)
     VALUES ($1, $2, $3, $4, $5, now() + ${lease}) ON CONFLICT (merchant_id, key) DO NOTHING`,
    [merchantId, key, operationId, requestHash, correlationId],
  );
  return rowCount === 1;
}

const columns = `key, operation_id AS "operationId", request_hash AS "requestHash", recovery_point AS "recoveryPoint", operation,
  coalesce(correlation_id, operation_id::text) AS "correlationId",
  coalesce(leased_until > now(), false) AS leased, response_status AS "responseStatus", response_body AS "responseBody"`;

/** What is known under a key, held until the transaction ends. */
export async function lockKey<Operation>(
  client: PoolClient,
  key: string,
): Promise<KnownRequest<Operation> | undefined> {
  const { rows } = await client.query<KnownRequest<Operation>>(
    `SELECT ${columns} FROM payments.idempotency_keys
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1 FOR UPDATE`,
    [key],
  );
  return rows[0];
}

/** The request that an operation was stored for, held until the transaction ends. */
export async function lockKeyOfOperation<Operation>(
  client: PoolClient,
  operationId: string,
): Promise<KnownRequest<Operation> | undefined> {
  const { rows } = await client.query<KnownRequest<Operation>>(
    `SELECT ${columns} FROM payments.idempotency_keys
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND operation_id = $1 FOR UPDATE`,
    [operationId],
  );
  return rows[0];
}

/** Stores what is about to be done, before the acquirer is asked. */
export async function markPrepared(client: PoolClient, key: string, operation: unknown): Promise<void> {
  await client.query(
    `UPDATE payments.idempotency_keys SET recovery_point = 'prepared', operation = $2
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1`,
    [key, JSON.stringify(operation)],
  );
}

/** Takes over a request that stopped half-way. */
export async function renewLease(client: PoolClient, key: string): Promise<void> {
  await client.query(
    `UPDATE payments.idempotency_keys SET leased_until = now() + ${lease}
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1`,
    [key],
  );
}

/** Lets the next request with this key, or the recovery, go on at once. */
export async function releaseLease(client: PoolClient, key: string): Promise<void> {
  await client.query(
    `UPDATE payments.idempotency_keys SET leased_until = NULL
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1 AND recovery_point = 'prepared'`,
    [key],
  );
}

/** Stores the answer, byte for byte, with the change that it tells of. */
export async function markFinished(client: PoolClient, key: string, status: number, body: string): Promise<void> {
  await client.query(
    `UPDATE payments.idempotency_keys SET recovery_point = 'finished', leased_until = NULL, response_status = $2, response_body = $3
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1`,
    [key, status, body],
  );
}
