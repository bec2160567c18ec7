import type { Pool } from 'pg';
import { type Chain, chains, sealBlocks } from '../../src/ledger/chain/chain-repository.ts';
import { type Verification, verifyChains } from '../../src/ledger/chain/verify-chain.ts';
import type { TestDatabase } from './database.ts';
import { eventually } from './eventually.ts';

/**
 * Seals all rows of every chain, with at most `most` rows together. Returns the number of sealed rows.
 *
 * Waits for transactions of other test files, which use the same server: a row below a running transaction is not sealed.
 */
export async function sealAll({ api, superuser }: TestDatabase, most = 5000): Promise<number> {
  let total = 0;
  await eventually('all rows are sealed', async () => {
    const { rows } = await superuser.query<{ settled: boolean }>(
      `SELECT pg_snapshot_xmin(pg_current_snapshot()) > greatest(
         (SELECT max(transaction_id) FROM payments.entries), (SELECT max(transaction_id) FROM payments.audit_entries)
       )::text::xid8 AS settled`,
    );
    return rows[0]?.settled !== false;
  });
  for (const chain of chains) {
    for (let sealed = -1; sealed !== 0;) {
      sealed = await sealBlocks(api, chain, most, 0);
      total += sealed;
    }
  }
  return total;
}

/** Verifies both chains with the login of the API. */
export async function verify({ api }: TestDatabase): Promise<Verification> {
  const client = await api.connect();
  try {
    return await verifyChains(client);
  } finally {
    client.release();
  }
}

/** Changes rows as a superuser with triggers and constraints disabled. @throws when nothing changes */
export async function tamper({ superuser }: TestDatabase, ...statements: readonly string[]): Promise<void> {
  const client = await superuser.connect();
  try {
    await client.query('SET session_replication_role = replica');
    for (const statement of statements) {
      const { rowCount } = await client.query(statement);
      if (rowCount === 0) throw new Error(`Nothing is changed by ${statement}.`);
    }
  } finally {
    client.release(true);
  }
}

/** The ids of the sealed rows of a chain, in order. */
export async function idsOf(superuser: Pool, chain: Chain): Promise<string[]> {
  const { rows } = await superuser.query<{ id: string }>(
    `SELECT id::text FROM payments.${chain} ORDER BY transaction_id, id`,
  );
  return rows.map(({ id }) => id);
}
