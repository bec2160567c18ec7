import {
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type pg from 'pg';
import { type ApiLogin, isApiLogin, setPassword } from '../db/api-logins.ts';
import type { ConnectionTarget } from '../db/connection-string.ts';
import { clientConfigFor } from '../db/pool.ts';
import { isInvalidAuthorization } from '../db/invalid-authorization.ts';
import { withConnection } from '../db/with-connection.ts';
import {
  generatePassword,
  parseConnectionStringSecret,
  formatConnectionStringSecret,
} from '../secrets/connection-string-secret.ts';
import { readSecret } from '../secrets/secret-reader.ts';

/** The database that the connection string must name. */
type Database = Pick<ConnectionTarget, 'host' | 'port' | 'name' | 'tls'>;

/** The advisory lock of this function. Any number works that migrations do not use. */
const lockId = 7_264_019;

/**
 * Ensures that a secret contains a working connection string. If it does not, this sets a new password for the login of the secret, or
 * for `payments_api`, and writes the secret. An advisory lock keeps concurrent runs from storing different passwords in database and secret.
 *
 * @param administrator a connection that may set passwords
 * @returns whether it wrote the secret
 * @throws when the current connection string cannot be tested because the database is not reachable
 */
export async function ensureConnectionString(
  administrator: pg.Client,
  { host, port, name, tls }: Database,
  secretArn: string,
): Promise<boolean> {
  const database = { host, port, name, tls };
  await administrator.query('SELECT pg_advisory_lock($1)', [lockId]);
  try {
    const current = await currentTarget(secretArn);
    if (current !== undefined && isTargetOf(current, database) && (await isAccepted(current))) return false;
    const user: ApiLogin = current !== undefined && isApiLogin(current.user) ? current.user : 'payments_api';
    const password = generatePassword();
    await setPassword(administrator, user, password);
    // After the database has the password, because a task that starts meanwhile reads the secret.
    await new SecretsManagerClient({ maxAttempts: 5 }).send(
      new PutSecretValueCommand({
        SecretId: secretArn,
        SecretString: formatConnectionStringSecret({ ...database, user, password }),
      }),
    );
    return true;
  } finally {
    await administrator.query('SELECT pg_advisory_unlock($1)', [lockId]);
  }
}

/** The target in the secret; `undefined` if it contains no connection string, such as a new secret. */
async function currentTarget(secretArn: string): Promise<ConnectionTarget | undefined> {
  const text = await readSecret(secretArn).catch((error: unknown) => {
    if (error instanceof ResourceNotFoundException) return '';
    throw error;
  });
  try {
    return parseConnectionStringSecret(secretArn, text);
  } catch {
    return undefined;
  }
}

function isTargetOf(target: ConnectionTarget, database: Database): boolean {
  return (['host', 'port', 'name', 'tls'] as const).every((part) => target[part] === database[part]);
}

async function isAccepted(target: ConnectionTarget): Promise<boolean> {
  try {
    await withConnection(clientConfigFor(target, 'schema-migration'), (client) => client.query('SELECT 1'));
    return true;
  } catch (error) {
    if (isInvalidAuthorization(error)) return false;
    throw error;
  }
}
