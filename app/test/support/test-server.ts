import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/db/migrations.ts';
import { readSchemaFiles } from '../../src/db/schema-files.ts';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres.ts';

/** A PostgreSQL with one migrated database, which `administrator` owns, who is no superuser, as on RDS. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  /** The superuser. */
  readonly user: string;
  readonly password: string;
  /** Below it, in `data`, is what the server keeps. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** What a test may want otherwise. */
export interface TestServerOptions {
  readonly databaseName: string;
  /** What the superuser does before the migrations. */
  readonly prelude?: string;
}

/** Starts a server; logins are the server's and not the database's, so who changes their passwords needs one alone. */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const { databaseName, prelude = '' } = options;
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
  await superuser.query(`CREATE DATABASE ${databaseName} OWNER administrator`);
  await superuser.query(prelude);
  await superuser.end();
  const administrator = new pg.Client({
    host,
    port,
    user: 'administrator',
    password: 'administrator',
    database: databaseName,
  });
  await administrator.connect();
  await migrate(administrator, readSchemaFiles());
  await administrator.end();
  return {
    host,
    port,
    user,
    password,
    directory,
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
