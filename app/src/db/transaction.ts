import './integers.ts';
import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` in one transaction that sees the rows of one merchant only, and rolls it back when it throws.
 *
 * @param merchantId a UUID; the row-level policies compare it with each row
 */
export async function asMerchant<T>(
  pool: Pool,
  merchantId: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  if (!/^[0-9a-f-]{36}$/.test(merchantId)) throw new Error(`'${merchantId}' is no merchant id.`);
  // One round trip; the value is a UUID by the line above.
  return transaction(pool, `BEGIN; SELECT set_config('app.merchant_id', '${merchantId}', true)`, work);
}

async function transaction<T>(pool: Pool, begin: string, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
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
