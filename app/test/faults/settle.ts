import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readJournal } from './acquirer/journal.ts';
import { check, type Finding } from './checker/check.ts';
import { readRecorded } from './checker/recorded.ts';
import type { Cluster } from './cluster/cluster.ts';
import type { Load } from './load/load.ts';
import { readReceipts } from './receiver/receipts.ts';

const unfinished = `SELECT
  (SELECT count(*) FROM payments.idempotency_keys WHERE recovery_point <> 'finished')
  + (SELECT count(*) FROM payments.outbox WHERE delivered_at IS NULL)
  + (SELECT count(*) FROM payments.webhook_deliveries WHERE status = 'pending')
  + (SELECT count(*) FROM payments.payments WHERE pending_operation IS NOT NULL) AS left`;

/** Waits, up to a timeout, until the platform has finished all operations, then checks all records. */
export async function settleAndCheck(cluster: Cluster, load: Load, patienceMilliseconds: number): Promise<Finding[]> {
  const client = new pg.Client(cluster.database.connection());
  await client.connect();
  try {
    const end = Date.now() + patienceMilliseconds;
    const left = async () => Number((await client.query<{ left: string }>(unfinished)).rows[0]?.left);
    while ((await left()) > 0 && Date.now() < end) await sleep(250);
    return check({
      intentions: load.intentions,
      journal: readJournal(cluster.journalFile),
      receipts: readReceipts(cluster.receiptFile),
      recorded: await readRecorded(client),
    });
  } finally {
    await client.end();
  }
}
