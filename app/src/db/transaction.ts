import './integers.ts';
import type { Pool, PoolClient } from 'pg';
import { isCorrelationId, sessionNameOf } from '../correlation-id.ts';
import { type TraceSpan, withChildSpan } from '../telemetry/tracing.ts';
import { waitQueueOf } from './wait-queue.ts';

/** The merchant and request on whose behalf a statement runs. */
export interface Caller {
  /** A UUID. The row-level security policies compare it with each row. */
  readonly merchantId: string;
  /** The `application_name` of the session, which PostgreSQL logs with each line. */
  readonly correlationId: string;
  /** The span of the request, if it is traced. */
  readonly span?: TraceSpan | undefined;
}

/**
 * Runs `work` in a transaction that sees only the rows of one merchant. Rolls back when `work` throws.
 *
 * @throws Error when an id is malformed, because both ids are interpolated into a statement
 */
export async function asMerchant<T>(
  pool: Pool,
  { merchantId, correlationId, span }: Caller,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  if (!/^[0-9a-f-]{36}$/.test(merchantId)) throw new Error(`Merchant id '${merchantId}' is not a UUID.`);
  if (!isCorrelationId(correlationId)) throw new Error(`Correlation id '${correlationId}' is not valid.`);
  // BEGIN and the settings in one round trip. A multi-statement query takes no parameters, but the ids are validated above.
  const settings = [
    ['app.merchant_id', merchantId],
    ['application_name', sessionNameOf(correlationId)],
  ].map(([name, value]) => `set_config('${name}', '${value}', true)`);
  return withChildSpan(span, 'database transaction', () =>
    transaction(pool, `BEGIN; SELECT ${settings.join(', ')}`, work),
  );
}

/** Runs `work` in a transaction that belongs to no merchant: it sees only what functions return. Rolls back when `work` throws. */
export async function inTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return transaction(pool, 'BEGIN', work);
}

/** Checks out a connection. While it waits, it is in the wait queue of the pool. The caller must release it. */
export async function connect(pool: Pool): Promise<PoolClient> {
  const leave = waitQueueOf(pool).join();
  try {
    return await pool.connect();
  } finally {
    leave();
  }
}

async function transaction<T>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await connect(pool);
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((rollbackError: unknown) => {
      broken = rollbackError as Error;
    });
    throw error;
  } finally {
    // A connection whose rollback failed is closed instead of returned to the pool.
    client.release(broken);
  }
}
