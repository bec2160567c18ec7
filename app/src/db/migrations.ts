import { setTimeout as sleep } from 'node:timers/promises';
import pg, { type Client, type Pool } from 'pg';
import { applyFunctions, type FunctionChanges } from './functions.ts';
import type { SchemaFiles, SqlFile } from './schema-files.ts';
import { appliedChecksums } from './applied-files.ts';

/** What a run did. */
export interface MigrationResult {
  /** The names of the migrations that it applied. */
  readonly applied: readonly string[];
  /** How many migrations the database had before. */
  readonly alreadyThere: number;
  readonly functions: FunctionChanges;
}

/** Any number will do, as long as every run takes the same lock. */
const lockId = 7_264_018;

/** SQLSTATEs of a transaction that met the locks of requests: deadlock_detected and lock_not_available. */
const lockConflicts = ['40P01', '55P03'];
const attempts = 5;
const pauseMilliseconds = 1000;

/**
 * Brings a database to the schema of `files`: applies the migrations that it does not have, then the functions whose text differs.
 *
 * It is one transaction, because functions and tables must change together for the processes that use them. Requests queue behind a lock
 * that it waits for, so it gives up soon and tries again, as it does after a deadlock with a request. One run works at a time.
 * A database with a migration that `files` lacks belongs to a newer release, which works with this one; it keeps its functions.
 *
 * @throws when a file that was applied has changed since, or a statement fails; the database is then as it was before
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

/** The newest migration that the database has; `undefined` before the first. Readable by every login. */
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
