import type pg from 'pg';
import { isTlsOrLoopback } from './db/connection-string.ts';
import { readLoginSettings } from './db/login-settings.ts';
import { clientConfigOf } from './db/pool.ts';
import { readMigrations } from './db/schema-files.ts';
import { withConnection } from './db/with-connection.ts';
import type { DatabaseEnvironment } from './environment.ts';
import { checkRestoredDatabase } from './restore-drill/check-restored-database.ts';
import { type DrillResult, type DrillEvent, drillLogin } from './restore-drill/drill-contract.ts';
import { RestoredDatabaseError } from './restore-drill/finding.ts';
import { hasChains, readAppliedMigrations, readFigures, readLastBlocks } from './restore-drill/stored-facts.ts';
import { createLogger } from './telemetry/logger.ts';

/**
 * Rows older than this before the snapshot must be in the copy. A row's timestamp is the start of its transaction, which takes seconds, and
 * the copy may be some minutes older than the snapshot's creation time.
 */
const settledMinutes = 30;

/** Some statements scan a whole table, on a database that has just started with a cold cache. */
const statementTimeoutMilliseconds = 180_000;

/** The migration that creates the login of the drill. */
const loginMigration = '0007_access.sql';

/**
 * Lambda handler that verifies a restored copy of the database: its schema, its ledger, and that it contains the rows that the live
 * database had when the snapshot was taken.
 *
 * @throws RestoredDatabaseError with all findings; any other error when a database cannot be queried
 */
export async function handler(event: DrillEvent): Promise<DrillResult> {
  const { environmentName, logLevel, database: liveDatabase } = readLoginSettings(process.env, drillLogin);
  const logger = createLogger(logLevel, environmentName).child({ ...event });
  const restoredDatabase = { ...liveDatabase, host: event.host, port: event.port };
  if (!isTlsOrLoopback(restoredDatabase)) {
    throw new Error(`DATABASE_TLS is "disable", but ${event.host} is not a loopback address. Use verify-full.`);
  }
  const until = new Date(Date.parse(event.snapshotTakenAt) - settledMinutes * 60_000);

  const live = await withConnection(drillConnection(liveDatabase), async (client) => {
    const migrations = await readAppliedMigrations(client);
    const lastBlocks = hasChains(migrations) ? await readLastBlocks(client, until) : new Map<string, string>();
    return { migrations, figures: await readFigures(client, until), lastBlocks };
  });
  const login = live.migrations.find(({ name }) => name === loginMigration);
  if (!login || login.appliedAt > until) {
    const reason = `The snapshot of ${event.snapshotTakenAt} predates the login ${drillLogin}, so its copy cannot be checked.`;
    logger.info({ reason }, 'restored database not checked: the snapshot is too old');
    return { outcome: 'too-early', reason };
  }
  const migrations = readMigrations();
  const findings = await withConnection(drillConnection(restoredDatabase), (client) =>
    checkRestoredDatabase(client, { live, migrations, until }),
  );
  if (findings.length > 0) throw new RestoredDatabaseError(findings);
  logger.info({ figures: Object.fromEntries(live.figures) }, 'restored database verified');
  return { outcome: 'verified' };
}

function drillConnection(database: DatabaseEnvironment): pg.ClientConfig {
  return {
    ...clientConfigOf(database, 'restore-drill'),
    statement_timeout: statementTimeoutMilliseconds,
    query_timeout: statementTimeoutMilliseconds + 5_000,
  };
}
