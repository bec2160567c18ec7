import '../../db/integers.ts';
import type { ClientBase, Pool } from 'pg';
import { isoTime } from '../../db/iso-time.ts';

/** What a chain covers: all ledger entries, or all audit entries. The names are those of the tables. */
export const chains = ['entries', 'audit_entries'] as const;
export type Chain = (typeof chains)[number];

/** A place in the order of a chain: by transaction, then by id. */
export interface ChainPosition {
  readonly transaction: number;
  /** A UUID in lower case. */
  readonly rowId: string;
}

/** The position before the first row. */
export const beginning: ChainPosition = { transaction: 0, rowId: '00000000-0000-0000-0000-000000000000' };

/** Whether `one` is after `other`. UUIDs in lower case have the same order as text and as values. */
export function isAfter(one: ChainPosition, other: ChainPosition): boolean {
  if (one.transaction !== other.transaction) return one.transaction > other.transaction;
  return one.rowId > other.rowId;
}

/** A sealed block of one merchant, as stored. */
export interface Block {
  readonly chain: Chain;
  readonly merchantId: string;
  /** 1 for the first block of the merchant. */
  readonly number: number;
  /** The block covers the rows after this position … */
  readonly after: ChainPosition;
  /** … up to and including this one. */
  readonly until: ChainPosition;
  readonly rowCount: number;
  /** For each row its id (16 bytes) and its digest (32 bytes). */
  readonly rowDigests: Buffer;
  readonly previousDigest: Buffer | null;
  readonly digest: Buffer;
  /** ISO 8601 with microseconds. */
  readonly sealedAt: string;
}

/** A row as it is now, with the SHA-256 of its content. */
export interface ChainedRow extends ChainPosition {
  readonly merchantId: string;
  readonly digest: Buffer;
}

type Database = Pick<Pool | ClientBase, 'query'>;

/** Seals at most `most` rows, unless the last block is younger than `pauseSeconds`. Returns the number of sealed rows. */
export async function sealBlocks(database: Database, chain: Chain, most: number, pauseSeconds: number) {
  const { rows } = await database.query<{ sealed: number }>(
    'SELECT payments.seal_blocks($1, $2, make_interval(secs => $3)) AS sealed',
    [chain, most, pauseSeconds],
  );
  return rows[0]?.sealed ?? 0;
}

/** Whether the caller is to check the chains now. True for one caller in each period. */
export async function claimCheck(database: Database, periodSeconds: number): Promise<boolean> {
  const { rows } = await database.query<{ claimed: boolean }>(
    'SELECT payments.claim_ledger_check(make_interval(secs => $1)) AS claimed',
    [periodSeconds],
  );
  return rows[0]?.claimed ?? false;
}

/** Blocks after a position in the order of sealing, at least `most` if there are as many. Blocks that were sealed together stay together. */
export async function listBlocks(database: Database, chain: Chain, after: ChainPosition, most: number) {
  const { rows } = await database.query<Omit<Block, 'after' | 'until'> & Record<string, unknown>>(
    `SELECT chain, merchant_id AS "merchantId", number, after_transaction AS "afterTransaction", after_row AS "afterRow",
       until_transaction AS "untilTransaction", until_row AS "untilRow", row_count AS "rowCount", row_digests AS "rowDigests",
       previous_digest AS "previousDigest", digest, ${isoTime('sealed_at')} AS "sealedAt"
     FROM payments.list_blocks($1, $2, $3, $4)`,
    [chain, after.transaction, after.rowId, most],
  );
  return rows.map(({ afterTransaction, afterRow, untilTransaction, untilRow, ...block }): Block => ({
    ...block,
    after: { transaction: Number(afterTransaction), rowId: String(afterRow) },
    until: { transaction: Number(untilTransaction), rowId: String(untilRow) },
  }));
}

/** At most `most` rows after one position and up to another, in order. */
export async function chainedRows(
  database: Database,
  chain: Chain,
  after: ChainPosition,
  until: ChainPosition,
  most: number,
) {
  const { rows } = await database.query<ChainedRow>(
    `SELECT merchant_id AS "merchantId", transaction_id AS transaction, row_id AS "rowId", digest
     FROM payments.chained_rows($1, $2, $3, $4, $5, $6)`,
    [chain, after.transaction, after.rowId, until.transaction, until.rowId, most],
  );
  return rows;
}
