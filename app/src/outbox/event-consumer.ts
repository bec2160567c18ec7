import type { Pool } from 'pg';
import type { OutboxEvent } from './outbox-event.ts';

/**
 * Consumes one event: adds it to its merchant's totals of the day, once, however often it is delivered.
 *
 * @returns whether it was new
 */
export async function consumeEvent(pool: Pool, event: OutboxEvent): Promise<boolean> {
  const { id, merchantId, type, payload, createdAt } = event;
  const { rows } = await pool.query<{ consumed: boolean }>(
    `SELECT payments.consume_event($1, $2, ($3::timestamptz AT TIME ZONE 'UTC')::date, $4, $5, $6) AS consumed`,
    [id, merchantId, createdAt, payload.currency, type, payload.amountMinor],
  );
  return rows[0]?.consumed ?? false;
}
