import type { ClientBase } from 'pg';
import type { SeededStep } from './seed-demo-data.ts';

/** The timestamp columns of each table with rows of a payment, and the column with the payment id. */
const times: Readonly<Record<string, { readonly payment: 'id' | 'payment_id'; readonly columns: readonly string[] }>> =
  {
    payments: { payment: 'id', columns: ['created_at', 'updated_at'] },
    payment_events: { payment: 'payment_id', columns: ['occurred_at'] },
    refunds: { payment: 'payment_id', columns: ['created_at'] },
    postings: { payment: 'payment_id', columns: ['created_at'] },
    entries: { payment: 'payment_id', columns: ['created_at'] },
    outbox: { payment: 'payment_id', columns: ['created_at'] },
    documents: { payment: 'payment_id', columns: ['created_at', 'stored_at'] },
  };

/**
 * Moves the timestamps of seeded payments to the past, in one transaction of a superuser.
 *
 * The schema writes the database clock only, and triggers reject changes of timeline and ledger, so triggers are disabled for this
 * transaction. The idempotency keys of the seeding are deleted, because their stored responses contain the original timestamps.
 */
export async function moveToThePast(client: ClientBase, seeded: readonly SeededStep[]): Promise<void> {
  await client.query('BEGIN');
  await client.query('SET LOCAL session_replication_role = replica');
  await client.query(
    `CREATE TEMPORARY TABLE seeded ON COMMIT DROP AS
     SELECT payment_id, began, ended, began - (now() - ago * interval '1 millisecond') AS shift
     FROM jsonb_to_recordset($1) AS s (payment_id uuid, began timestamptz, ended timestamptz, ago double precision)`,
    [JSON.stringify(seeded.map(({ paymentId, ...step }) => ({ payment_id: paymentId, ...step })))],
  );
  for (const [table, { payment, columns }] of Object.entries(times)) {
    for (const column of columns) {
      await client.query(
        `UPDATE payments.${table} t SET ${column} = t.${column} - s.shift FROM seeded s
         WHERE s.payment_id = t.${payment} AND t.${column} >= s.began AND t.${column} <= s.ended`,
      );
    }
  }
  await client.query(`DELETE FROM payments.idempotency_keys WHERE key LIKE 'demo-%'`);
  await client.query('COMMIT');
}
