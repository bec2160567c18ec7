import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrationDirectory } from '../src/db/migration-directory.ts';
import { migrate, readMigrations } from '../src/db/migrations.ts';
import { startEmbeddedPostgres } from '../src/local/embedded-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: { host: string; port: number; user: string; password: string };
  }
}

/** The database that each test file copies: migrated once, by an administrator who is no superuser, as on RDS. */
export const templateName = 'payments_template';

/** Starts one PostgreSQL for all test files. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'payment-platform-test-'));
  // Durability is not under test here, and costs half of the time.
  const server = await startEmbeddedPostgres({
    directory,
    settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
  });
  const { host, port, user, password } = server;
  const superuser = new pg.Client({ host, port, user, password, database: 'postgres' });
  await superuser.connect();
  await superuser.query(`CREATE ROLE administrator LOGIN CREATEROLE CREATEDB PASSWORD 'administrator'`);
  await superuser.query(`CREATE DATABASE ${templateName} OWNER administrator`);
  const administrator = new pg.Client({
    host,
    port,
    user: 'administrator',
    password: 'administrator',
    database: templateName,
  });
  await administrator.connect();
  await migrate(administrator, readMigrations(migrationDirectory()));
  await administrator.end();
  await superuser.query(`ALTER ROLE payments_api PASSWORD 'api'; ALTER ROLE payments_worker PASSWORD 'worker'`);
  await superuser.end();
  project.provide('postgres', { host, port, user, password });
  return async () => {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
}
