import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { dataEntries } from './data-directory.ts';
import type { EmbeddedPostgres } from './embedded-postgres.ts';

/** The logins of the local platform, each by the file that holds its password. */
export interface LocalLogins {
  readonly administrator: string;
  readonly api: string;
  /** Whether the database did not exist before. */
  readonly isNew: boolean;
  /** Gives the API's login its password, once migrations have made it. In AWS it has none: tokens open its connections. */
  openApiLogin(): Promise<void>;
}

/** Makes the database and an administrator who, as on RDS, is no superuser. May be repeated. */
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
    openApiLogin: () =>
      asSuperuser(postgres, 'postgres', async (client) => {
        await client.query(`ALTER ROLE payments_api PASSWORD ${literal(api)}`);
      }),
  };
}

/** Works with a connection of the owner of the server, to whom no right is denied. */
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

/** Statements about roles take no parameters. */
function literal(file: string): string {
  return pg.escapeLiteral(readFileSync(file, 'utf8'));
}
