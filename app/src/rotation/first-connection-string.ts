import {
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type pg from 'pg';
import { type ApiLogin, isApiLogin, setPassword } from '../db/api-logins.ts';
import type { ConnectionTarget } from '../db/connection-string.ts';
import { connectionTo } from '../db/pool.ts';
import { isRefusedLogin } from '../db/refused-login.ts';
import { withConnection } from '../db/with-connection.ts';
import { newPassword, targetOfSecret, textOfSecret } from '../secrets/connection-string-secret.ts';
import { readSecret } from '../secrets/secret-reader.ts';

/** Where the connection string has to lead. */
type Database = Pick<ConnectionTarget, 'host' | 'port' | 'name' | 'tls'>;

/** Any number but that of migrations will do, as long as every run takes the same lock. */
const lockId = 7_264_019;

/**
 * Makes sure that a secret holds a connection string that works. One that does is left alone; otherwise its login, or the first one,
 * gets a new password. One run at a time, so that what the database knows and what the secret says cannot cross.
 *
 * @param administrator a connection that may set passwords
 * @returns whether it has written one
 * @throws when the one there is cannot be tried: that the database is out of reach says nothing about a password
 */
export async function ensureConnectionString(
  administrator: pg.Client,
  { host, port, name, tls }: Database,
  secretArn: string,
): Promise<boolean> {
  const database = { host, port, name, tls };
  await administrator.query('SELECT pg_advisory_lock($1)', [lockId]);
  try {
    const held = await heldTarget(secretArn);
    if (held !== undefined && leadsTo(held, database) && (await isAccepted(held))) return false;
    const user: ApiLogin = held !== undefined && isApiLogin(held.user) ? held.user : 'payments_api';
    const password = newPassword();
    await setPassword(administrator, user, password);
    // Only now: a secret that says what does not work yet would be taken by a task that starts meanwhile.
    await new SecretsManagerClient({ maxAttempts: 5 }).send(
      new PutSecretValueCommand({ SecretId: secretArn, SecretString: textOfSecret({ ...database, user, password }) }),
    );
    return true;
  } finally {
    await administrator.query('SELECT pg_advisory_unlock($1)', [lockId]);
  }
}

/** `undefined` when there is nothing to connect with, as in a secret that was just made. */
async function heldTarget(secretArn: string): Promise<ConnectionTarget | undefined> {
  const text = await readSecret(secretArn).catch((error: unknown) => {
    if (error instanceof ResourceNotFoundException) return '';
    throw error;
  });
  try {
    return targetOfSecret(secretArn, text);
  } catch {
    return undefined;
  }
}

function leadsTo(held: ConnectionTarget, database: Database): boolean {
  return (['host', 'port', 'name', 'tls'] as const).every((part) => held[part] === database[part]);
}

async function isAccepted(target: ConnectionTarget): Promise<boolean> {
  try {
    await withConnection(connectionTo(target, 'schema-migration'), (client) => client.query('SELECT 1'));
    return true;
  } catch (error) {
    if (isRefusedLogin(error)) return false;
    throw error;
  }
}
