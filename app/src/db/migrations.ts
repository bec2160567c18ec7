import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type Client, type Pool } from 'pg';
import { applyFunctions, type FunctionChanges } from './functions.ts';
import type { SchemaFiles, SqlFile } from './schema-files.ts';
import { appliedChecksums } from './applied-files.ts';

export interface MigrationResult {
  /** The names of the migrations that this run applied. */
  readonly applied: readonly string[];
  /** The number of migrations that were applied before. */
  readonly alreadyThere: number;
  readonly functions: FunctionChanges;
}

/** The advisory lock of migrations: any constant number. */
const lockId = 7_264_018;

/** SQLSTATEs of a conflict with the locks of requests: deadlock_detected and lock_not_available. */
const lockConflicts = ['40P01', '55P03'];
const attempts = 5;
const pauseMilliseconds = 1000;

/**
 * Applies the migrations of `files` that the database does not have, then the functions whose text differs.
 *
 * All changes are one transaction, because running processes need matching tables and functions. Requests queue behind a lock that the
 * transaction waits for, so its lock timeout is short and it retries, as it does after a deadlock. An advisory lock serializes runs.
 * A database with a migration that `files` lacks has a newer, compatible schema, and keeps its functions.
 *
 * @throws when an applied file has changed, or a statement fails. The transaction is rolled back then.
 */
export async function migrate(client: Client, files: SchemaFiles): Promise<MigrationResult> {
  await client.query(`SET lock_timeout = '120s'`);
  await client.query('SELECT pg_advisory_lock($1)', [lockId]);
  try {
    await client.query(`SET lock_timeout = '3s'`);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await applyInTransaction(client, files);
      } catch (error) {
        if (attempt === attempts || !isLockConflict(error)) throw error;
        await sleep(pauseMilliseconds);
      }
    }
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [lockId]);
  }
}

function isLockConflict(error: unknown): boolean {
  const { cause } = error as Error;
  return cause instanceof pg.DatabaseError && lockConflicts.includes(cause.code ?? '');
}

async function applyInTransaction(client: Client, { migrations, functions }: SchemaFiles): Promise<MigrationResult> {
  await client.query('BEGIN');
  try {
    const known = await appliedChecksums(client, 'schema_migrations');
    const applied = await applyMigrations(client, migrations, known);
    const names = new Set(migrations.map(({ name }) => name));
    const isNewer = [...known.keys()].some((name) => !names.has(name));
    const changes = isNewer ? { replaced: [], dropped: [] } : await applyFunctions(client, functions);
    await client.query('COMMIT');
    return { applied, alreadyThere: known.size, functions: changes };
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

/** Returns the name of the newest applied migration; `undefined` before the first. Every login may call it. */
export async function schemaVersion(pool: Pool): Promise<string | undefined> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT name FROM public.schema_migrations ORDER BY name DESC LIMIT 1',
  );
  return rows[0]?.name;
}

async function applyMigrations(
  client: Client,
  migrations: readonly SqlFile[],
  known: ReadonlyMap<string, string>,
): Promise<string[]> {
  const applied: string[] = [];
  for (const { name, sql, checksum } of migrations) {
    const before = known.get(name);
    if (before === checksum) continue;
    if (before !== undefined) {
      throw new Error(
        `Migration ${name} was changed after it was applied. Restore the file and put the change into a new migration.`,
      );
    }
    try {
      await client.query(sql);
      await client.query('RESET ROLE');
      await client.query('INSERT INTO public.schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    } catch (error) {
      throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
    }
    applied.push(name);
  }
  return applied;
}
