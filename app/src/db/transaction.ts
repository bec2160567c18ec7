import './integers.ts';
import type { Pool, PoolClient } from 'pg';
import { isCorrelationId, sessionNameOf } from '../correlation-id.ts';
import { type TraceSpan, traced } from '../telemetry/tracing.ts';
import { waitQueueOf } from './wait-queue.ts';

/** For whom work is done. Handed on as data, because one transaction may one day do the work of several. */
export interface Caller {
  /** A UUID; the row-level policies compare it with each row. */
  readonly merchantId: string;
  /** The request that asked for the work; the name of the database session while it lasts, and so in each line that PostgreSQL logs. */
  readonly correlationId: string;
  /** Of the request, where it is traced. */
  readonly span?: TraceSpan | undefined;
}

/**
 * Runs `work` in one transaction that sees the rows of one merchant only, and rolls it back when it throws.
 *
 * @throws Error when an id is none: both become part of a statement
 */
export async function asMerchant<T>(
  pool: Pool,
  { merchantId, correlationId, span }: Caller,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  if (!/^[0-9a-f-]{36}$/.test(merchantId)) throw new Error(`Merchant id '${merchantId}' is not a UUID.`);
  if (!isCorrelationId(correlationId)) throw new Error(`Correlation id '${correlationId}' is not valid.`);
  // One round trip; what the values consist of is known by the lines above.
  const settings = [
    ['app.merchant_id', merchantId],
    ['application_name', sessionNameOf(correlationId)],
  ].map(([name, value]) => `set_config('${name}', '${value}', true)`);
  return traced(span, 'database transaction', () => transaction(pool, `BEGIN; SELECT ${settings.join(', ')}`, work));
}

/** A connection of the pool; whoever waits for one stands in its line. It must be released. */
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
    // A connection that could not roll back is closed, not given to the next request.
    client.release(broken);
  }
}
