import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, Pool } from 'pg';

/** One step of the schema: a file of plain SQL, applied once. */
export interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** What a run did. */
export interface MigrationResult {
  readonly applied: readonly string[];
  readonly alreadyThere: number;
}

/** Any number will do, as long as every run of ours takes the same lock. */
const lockId = 7_264_018;

/** The migrations of a folder, in order of their names. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      const sql = readFileSync(join(directory, name), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/**
 * Applies what has not been applied, each in a transaction of its own, while no other run does.
 *
 * @throws when a file that was applied has changed since, or a statement fails; what came before it stays applied
 */
export async function migrate(client: Client, migrations: readonly Migration[]): Promise<MigrationResult> {
  await client.query(`SET lock_timeout = '120s'`);
  await client.query('SELECT pg_advisory_lock($1)', [lockId]);
  try {
    await client.query(`SET lock_timeout = '10s'`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS public.schema_migrations (
         name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    const known = await appliedMigrations(client);
    const applied: string[] = [];
    for (const migration of migrations) {
      const checksum = known.get(migration.name);
      if (checksum === undefined) {
        await apply(client, migration);
        applied.push(migration.name);
      } else if (checksum !== migration.checksum) {
        throw new Error(
          `Migration ${migration.name} was applied with other content; restore it, and put the change into a new file.`,
        );
      }
    }
    return { applied, alreadyThere: known.size };
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [lockId]);
  }
}

/** The newest migration that the database has; `undefined` before the first. Readable by every login. */
export async function schemaVersion(pool: Pool): Promise<string | undefined> {
  const { rows } = await pool.query<{ name: string }>(
    'SELECT name FROM public.schema_migrations ORDER BY name DESC LIMIT 1',
  );
  return rows[0]?.name;
}

async function appliedMigrations(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'SELECT name, checksum FROM public.schema_migrations',
  );
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query('RESET ROLE');
    await client.query('INSERT INTO public.schema_migrations (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await client.query('GRANT SELECT ON public.schema_migrations TO payments_api, payments_worker');
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw new Error(`Migration ${name} failed: ${(error as Error).message}`, { cause: error });
  }
}
