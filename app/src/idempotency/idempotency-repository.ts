import type { PoolClient } from 'pg';
import { isoTime } from '../db/iso-time.ts';
import type { IdempotentRequest } from './idempotent-request.ts';

/**
 * How far an operation has come. `claimed`: the key is taken, inside the first transaction. `prepared`: the operation is stored, and the
 * acquirer may have it. `finished`: outcome and response are stored.
 */
export type RecoveryPoint = 'claimed' | 'prepared' | 'finished';

/** The first request that was made under a key, and its operation. */
export interface KnownRequest<Operation, Response> {
  readonly key: string;
  readonly operationId: string;
  readonly requestHash: Buffer;
  /** The correlation ID of the first request, under which every event of the operation is logged. */
  readonly correlationId: string;
  readonly recoveryPoint: RecoveryPoint;
  readonly operation: Operation | null;
  /** Whether a process holds the operation now. */
  readonly leased: boolean;
  /** `null` until the operation is finished. */
  readonly response: StoredResponse<Response> | null;
}

/** A response as it is stored, once, with the outcome of its operation. */
export interface StoredResponse<Response> {
  readonly status: number;
  readonly content: Response;
  /** When it was stored, in ISO 8601. */
  readonly finishedAt: string;
}

/** How long one process may work on an operation before another may take it over. Longer than any call to the acquirer. */
const lease = `interval '30 seconds'`;

/** Claims a key for a new request. Waits for a request that is claiming the same key. Returns `false` when the key was used before. */
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
  coalesce(correlation_id, operation_id::text) AS "correlationId", coalesce(leased_until > now(), false) AS leased,
  response_status AS "responseStatus", response, ${isoTime('finished_at')} AS "finishedAt"`;

interface KeyRow<Operation, Response> extends Omit<KnownRequest<Operation, Response>, 'response'> {
  readonly responseStatus: number | null;
  readonly response: Response | null;
  readonly finishedAt: string | null;
}

/** The request under a key, locked until the transaction ends. */
export async function lockKey<Operation, Response>(
  client: PoolClient,
  key: string,
): Promise<KnownRequest<Operation, Response> | undefined> {
  return lockRequest(client, 'key', key);
}

/** The request of an operation, locked until the transaction ends. */
export async function lockKeyOfOperation<Operation, Response>(
  client: PoolClient,
  operationId: string,
): Promise<KnownRequest<Operation, Response> | undefined> {
  return lockRequest(client, 'operation_id', operationId);
}

async function lockRequest<Operation, Response>(
  client: PoolClient,
  column: 'key' | 'operation_id',
  value: string,
): Promise<KnownRequest<Operation, Response> | undefined> {
  const { rows } = await client.query<KeyRow<Operation, Response>>(
    `SELECT ${columns} FROM payments.idempotency_keys
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND ${column} = $1 FOR UPDATE`,
    [value],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { responseStatus: status, response: content, finishedAt, ...request } = row;
  const isFinished = status !== null && content !== null && finishedAt !== null;
  return { ...request, response: isFinished ? { status, content, finishedAt } : null };
}

/** Stores the operation before the acquirer is asked: recovery point `prepared`. */
export async function markPrepared(client: PoolClient, key: string, operation: unknown): Promise<void> {
  await client.query(
    `UPDATE payments.idempotency_keys SET recovery_point = 'prepared', operation = $2
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1`,
    [key, JSON.stringify(operation)],
  );
}

/** Takes over an operation that stopped half-way. */
export async function renewLease(client: PoolClient, key: string): Promise<void> {
  await client.query(
    `UPDATE payments.idempotency_keys SET leased_until = now() + ${lease}
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1`,
    [key],
  );
}

/** Lets the next request with this key, or recovery, continue immediately; recovery later where the customer must authenticate. */
export async function releaseLease(client: PoolClient, key: string): Promise<void> {
  await client.query(
    `UPDATE payments.idempotency_keys SET leased_until = CASE WHEN operation ? 'actionRequired' THEN now() END
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1 AND recovery_point = 'prepared'`,
    [key],
  );
}

/** Stores the response in the transaction of the change that it describes: recovery point `finished`. */
export async function markFinished(client: PoolClient, key: string, status: number, response: unknown): Promise<void> {
  await client.query(
    `UPDATE payments.idempotency_keys
     SET recovery_point = 'finished', leased_until = NULL, response_status = $2, response = $3, finished_at = now()
     WHERE merchant_id = current_setting('app.merchant_id')::uuid AND key = $1`,
    [key, status, JSON.stringify(response)],
  );
}
