import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/db/migrations.ts';
import { readSchemaFiles } from '../../src/db/schema-files.ts';
import { startEmbeddedPostgres } from '../../src/local/embedded-postgres.ts';

/** A PostgreSQL server with a migrated database. Its owner `administrator` is not a superuser, as on RDS. */
export interface TestServer {
  readonly host: string;
  readonly port: number;
  /** The superuser. */
  readonly user: string;
  readonly password: string;
  /** Contains the data directory `data`. */
  readonly directory: string;
  stop(): Promise<void>;
}

/** The options of a test server. */
export interface TestServerOptions {
  readonly databaseName: string;
  /** SQL that the superuser runs before the migrations. */
  readonly prelude?: string;
}

/** Starts a server. Logins belong to the server, so tests that change passwords need their own. */
export async function startTestServer(options: TestServerOptions): Promise<TestServer> {
  const { databaseName, prelude = '' } = options;
  const directory = mkdtempSync(join(tmpdir(), 'payment-platform-test-'));
  // Durability is not tested and takes half of the time.
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
