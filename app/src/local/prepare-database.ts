import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { dataEntries } from './data-directory.ts';
import type { EmbeddedPostgres } from './embedded-postgres.ts';

/** The database logins of the local platform. */
export interface LocalLogins {
  /** The path of the password file. */
  readonly administrator: string;
  /** The path of the password file. */
  readonly api: string;
  /** Whether this run created the database. */
  readonly isNew: boolean;
  /** Sets the password of the API's login after migrations have created it. In AWS, it authenticates with IAM tokens instead. */
  setApiPassword(): Promise<void>;
}

/** Creates the database and an administrator that, as on RDS, is not a superuser. Idempotent. */
export async function prepareDatabase(postgres: EmbeddedPostgres, dataDirectory: string): Promise<LocalLogins> {
  const administrator = passwordFile(join(dataDirectory, dataEntries.administratorPassword));
  const api = passwordFile(join(dataDirectory, dataEntries.apiPassword));
  const isNew = await asSuperuser(postgres, 'postgres', async (client) => {
    const { rowCount } = await client.query(`SELECT FROM pg_roles WHERE rolname = 'administrator'`);
    if (rowCount === 0) await client.query('CREATE ROLE administrator LOGIN CREATEROLE CREATEDB');
    await client.query(`ALTER ROLE administrator PASSWORD ${literal(administrator)}`);
    const database = await client.query(`SELECT FROM pg_database WHERE datname = 'payments'`);
    if (database.rowCount === 0) await client.query('CREATE DATABASE payments OWNER administrator');
    return database.rowCount === 0;
  });
  return {
    administrator,
    api,
    isNew,
    setApiPassword: () =>
      asSuperuser(postgres, 'postgres', async (client) => {
        await client.query(`ALTER ROLE payments_api PASSWORD ${literal(api)}`);
      }),
  };
}

/** Runs `work` with a superuser connection and closes it. */
export async function asSuperuser<Result>(
  { host, port, user, password }: EmbeddedPostgres,
  database: 'postgres' | 'payments',
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ host, port, user, password, database });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function passwordFile(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return file;
}

/** The password as an SQL literal, because ALTER ROLE takes no parameters. */
function literal(file: string): string {
  return pg.escapeLiteral(readFileSync(file, 'utf8'));
}
