import { randomBytes } from 'node:crypto';
import { type ConnectionTarget, formatConnectionString, parseConnectionString } from '../db/connection-string.ts';
import { secretField } from './secret-fields.ts';

/**
 * What a secret with a connection string holds: the fields of AWS's own database secrets, and the string that ECS injects.
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

/** The text of a secret that leads to `target`. */
export function textOfSecret(target: ConnectionTarget): string {
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
 * Where the connection string of a secret leads. The string is what processes connect with, so it is what counts; the other fields are
 * for people and tools.
 *
 * @throws by the name of the secret, and never with what it holds, when there is no connection string or it may not be used
 */
export function targetOfSecret(arn: string, text: string): ConnectionTarget {
  const connectionString = secretField(arn, text, 'connectionString');
  try {
    return parseConnectionString(connectionString);
  } catch (error) {
    throw new Error(`The connection string of secret ${arn} ${(error as Error).message}`, { cause: error });
  }
}

/** 256 bits in letters that need no escape in a URL. */
export function newPassword(): string {
  return randomBytes(32).toString('base64url');
}
