import { randomBytes } from 'node:crypto';
import { type ConnectionTarget, formatConnectionString, parseConnectionString } from '../db/connection-string.ts';
import { secretField } from './secret-fields.ts';

/**
 * The JSON of a secret with a connection string: the fields of a Secrets Manager database secret, and the string that ECS injects.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */
interface ConnectionStringSecret {
  readonly engine: 'postgres';
  readonly host: string;
  readonly port: number;
  readonly dbname: string;
  readonly username: string;
  readonly password: string;
  readonly connectionString: string;
}

/** The secret string for `target`. */
export function formatConnectionStringSecret(target: ConnectionTarget): string {
  const { host, port, name, user, password } = target;
  return JSON.stringify({
    engine: 'postgres',
    host,
    port,
    dbname: name,
    username: user,
    password,
    connectionString: formatConnectionString(target),
  } satisfies ConnectionStringSecret);
}

/**
 * Parses the field `connectionString` of a secret. Processes use this field only; the others are for people and tools.
 *
 * @throws with the ARN, but never the content of the secret, when the connection string is missing or invalid
 */
export function parseConnectionStringSecret(arn: string, text: string): ConnectionTarget {
  const connectionString = secretField(arn, text, 'connectionString');
  try {
    return parseConnectionString(connectionString);
  } catch (error) {
    throw new Error(`The connection string of secret ${arn} ${(error as Error).message}`, { cause: error });
  }
}

/** A random password of 256 bits. Its characters need no percent-encoding in a connection string. */
export function generatePassword(): string {
  return randomBytes(32).toString('base64url');
}
