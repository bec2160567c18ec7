import type pg from 'pg';

/** What a database and its restored copy must have in common. */
export interface StoredFacts {
  readonly migrations: readonly AppliedMigration[];
  /** Counts and sums of the rows up to a point in time, by name. Zeros are omitted. */
  readonly figures: ReadonlyMap<string, string>;
  /** The last block of each chain and merchant that was sealed up to that time, with its digest. */
  readonly lastBlocks: ReadonlyMap<string, string>;
}

/** A row of `public.schema_migrations`. */
export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly appliedAt: Date;
}

/** The migration that creates the chains. A database without it has none. */
const chainMigration = '0009_ledger_chain.sql';

/** Whether a database has the chains of the ledger. */
export function hasChains(migrations: readonly AppliedMigration[]): boolean {
  return migrations.some(({ name }) => name === chainMigration);
}

/** Counts and sums of rows that are never changed or deleted. Sums detect altered amounts, which counts do not. */
const figureQueries: readonly string[] = [
  `SELECT 'payments' AS figure, count(*) AS value FROM payments.payments WHERE created_at <= $1`,
  `SELECT 'payment events' AS figure, count(*) AS value FROM payments.payment_events WHERE occurred_at <= $1`,
  `SELECT 'refunds' AS figure, count(*) AS value FROM payments.refunds WHERE created_at <= $1`,
  `SELECT 'amount of refunds' AS figure, sum(amount_minor) AS value FROM payments.refunds WHERE created_at <= $1`,
  `SELECT 'documents' AS figure, count(*) AS value FROM payments.documents WHERE created_at <= $1`,
  `SELECT 'bytes of documents' AS figure, sum(size_bytes) AS value FROM payments.documents WHERE created_at <= $1`,
  `SELECT 'postings of kind ' || kind AS figure, count(*) AS value FROM payments.postings WHERE created_at <= $1 GROUP BY kind`,
  `SELECT format('%s entries of %s in %s', side, account, currency) AS figure, count(*) AS value
   FROM (SELECT *, CASE WHEN amount_minor > 0 THEN 'debit' ELSE 'credit' END AS side FROM payments.entries) AS entries
   WHERE created_at <= $1 GROUP BY side, account, currency`,
  `SELECT format('%s balance of %s', currency, account) AS figure, sum(amount_minor) AS value
   FROM payments.entries WHERE created_at <= $1 GROUP BY account, currency`,
];

/** Returns the applied migrations of a database. */
export async function readAppliedMigrations(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'SELECT name, checksum, applied_at AS "appliedAt" FROM public.schema_migrations',
  );
  return rows;
}

/**
 * Returns counts and sums of the rows up to `until`, by name. Values are decimal strings.
 *
 * There is no transaction around the statements, so that a migration of the live database waits for one statement at most.
 */
export async function readFigures(client: pg.Client, until: Date): Promise<ReadonlyMap<string, string>> {
  const figures = new Map<string, string>();
  for (const query of figureQueries) {
    const { rows } = await client.query<{ figure: string; value: string }>(
      `SELECT figure, value::text FROM (${query}) AS figures WHERE value <> 0`,
      [until],
    );
    for (const { figure, value } of rows) figures.set(figure, value);
  }
  return figures;
}

/** Returns the last blocks that were sealed up to `until`: chain, merchant and number, with the digest. */
export async function readLastBlocks(client: pg.Client, until: Date): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ block: string; digest: string }>(
    `SELECT DISTINCT ON (chain, merchant_id)
       format('block %s of the %s of merchant %s', number, chain, merchant_id) AS block, encode(digest, 'hex') AS digest
     FROM payments.ledger_blocks WHERE sealed_at <= $1 ORDER BY chain, merchant_id, number DESC`,
    [until],
  );
  return new Map(rows.map(({ block, digest }) => [block, digest]));
}
