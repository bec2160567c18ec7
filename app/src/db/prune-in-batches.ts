import type { Pool, QueryConfig } from 'pg';

/** Few enough that the transaction of a batch is short. */
const batchSize = 1000;

/**
 * Removes rows in small transactions until none is left, or `stopping`.
 *
 * @param statement removes at most so many rows, and returns their number as `removed`
 */
export async function pruneInBatches(
  pool: Pool,
  stopping: AbortSignal,
  statement: (most: number) => QueryConfig,
): Promise<void> {
  let removed: number | undefined;
  do {
    const { rows } = await pool.query<{ removed: number }>(statement(batchSize));
    removed = rows[0]?.removed;
  } while (removed === batchSize && !stopping.aborted);
}
