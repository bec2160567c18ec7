import type pg from 'pg';
import type { SqlFile } from '../db/schema-files.ts';
import { verifyChains } from '../ledger/chain/verify-chain.ts';
import type { Finding } from './finding.ts';
import { ledgerFindings } from './ledger-checks.ts';
import {
  type AppliedMigration,
  hasChains,
  readAppliedMigrations,
  readFigures,
  readLastBlocks,
  type StoredFacts,
} from './stored-facts.ts';

/** What a restored copy must contain. */
export interface Expectation {
  /** The live database, up to `until`. */
  readonly live: StoredFacts;
  /** The migrations of this build. */
  readonly migrations: readonly Pick<SqlFile, 'name' | 'checksum'>[];
  /** Rows that were written later need not be in the copy. */
  readonly until: Date;
}

/**
 * Returns every finding about a restored copy; empty when the copy could replace the live database.
 *
 * If the schema differs, only those findings are returned, because the other queries need the expected schema.
 */
export async function checkRestoredDatabase(restored: pg.Client, expectation: Expectation): Promise<Finding[]> {
  const migrations = await readAppliedMigrations(restored);
  const schema = migrationFindings(migrations, expectation);
  if (schema.length > 0) return schema;
  const figures = await readFigures(restored, expectation.until);
  return [
    ...figureFindings(figures, expectation.live.figures),
    ...(await ledgerFindings(restored)),
    ...(hasChains(migrations) ? await chainFindings(restored, expectation) : []),
  ];
}

/**
 * The chains must fit the rows of the copy, and their last blocks must be those of the live database: a chain that was rebuilt in the live
 * database fits its rows, but not an older copy.
 */
async function chainFindings(restored: pg.Client, { live, until }: Expectation): Promise<Finding[]> {
  const { findings } = await verifyChains(restored);
  const last = await readLastBlocks(restored, until);
  const differing = [...new Set([...live.lastBlocks.keys(), ...last.keys()])].filter(
    (block) => last.get(block) !== live.lastBlocks.get(block),
  );
  return [
    ...findings.map(({ detail }): Finding => ({ name: 'ledger-altered', detail })),
    ...differing.map((block): Finding => ({
      name: 'chain-differs-from-live',
      detail: `${block}: ${last.get(block) ?? 'no digest'} restored, ${live.lastBlocks.get(block) ?? 'no digest'} live`,
    })),
  ];
}

/** The copy must contain the migrations that were applied before `until`. */
function migrationFindings(restored: readonly AppliedMigration[], { live, migrations, until }: Expectation): Finding[] {
  const checksums = new Map(restored.map(({ name, checksum }) => [name, checksum]));
  const expected = new Map(
    live.migrations.filter(({ appliedAt }) => appliedAt <= until).map(({ name, checksum }) => [name, checksum]),
  );
  // The checksums of this build take precedence. Only the live database knows migrations that this build no longer contains.
  for (const { name, checksum } of migrations) if (expected.has(name)) expected.set(name, checksum);
  return [...expected].flatMap(([name, checksum]): Finding[] => {
    const found = checksums.get(name);
    if (found === undefined) return [{ name: 'migration-missing', detail: `${name} was not applied` }];
    if (found === checksum) return [];
    return [{ name: 'migration-altered', detail: `${name} was applied with checksum ${found}, expected ${checksum}` }];
  });
}

function figureFindings(restored: StoredFacts['figures'], live: StoredFacts['figures']): Finding[] {
  return [...new Set([...live.keys(), ...restored.keys()])]
    .map((figure) => ({ figure, found: restored.get(figure) ?? '0', expected: live.get(figure) ?? '0' }))
    .filter(({ found, expected }) => found !== expected)
    .map(({ figure, found, expected }) => ({
      name: 'differs-from-live',
      detail: `${figure}: ${found} restored, ${expected} live`,
    }));
}
