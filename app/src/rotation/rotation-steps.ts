import { alternateLogin, type ApiLogin, isApiLogin, setPassword } from '../db/api-logins.ts';
import type { ConnectionTarget } from '../db/connection-string.ts';
import { clientConfigFor } from '../db/pool.ts';
import { withConnection } from '../db/with-connection.ts';
import {
  generatePassword,
  parseConnectionStringSecret,
  formatConnectionStringSecret,
} from '../secrets/connection-string-secret.ts';
import { secretField } from '../secrets/secret-fields.ts';
import { readSecret } from '../secrets/secret-reader.ts';
import type { RotatedSecret } from './rotated-secret.ts';
import type { RotationSettings } from './rotation-environment.ts';
import type { RotationSteps } from './run-step.ts';

/**
 * The rotation steps of the connection string: the alternating users strategy.
 *
 * Each rotation changes the password of the login that is not in use, so the connection string of a running task stays valid until the
 * rotation after the next. A single login would fail between the password change and the tasks' next read of the secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_strategies.html
 */
export const rotationSteps: RotationSteps<RotationSettings> = {
  async createSecret(secret, { database }) {
    const login = alternateLogin(await currentLogin(secret));
    // Secrets Manager retries steps: keep a password that an earlier attempt has written.
    if ((await secret.pending()) !== undefined) return;
    await secret.writePending(formatConnectionStringSecret({ ...database, user: login, password: generatePassword() }));
  },

  async setSecret(secret, settings) {
    const { user, password } = await pendingTarget(secret);
    const inUse = await currentLogin(secret);
    if (!isApiLogin(user) || user === inUse) {
      throw new Error(
        `The AWSPENDING version of secret ${secret.arn} is for login ${user}, but only ${alternateLogin(inUse)} can be rotated ` +
          `while tasks use ${inUse}. Remove the label AWSPENDING from that version and rotate again.`,
      );
    }
    const administrator = await administratorTarget(settings);
    await withConnection(clientConfigFor(administrator, applicationName), (client) =>
      setPassword(client, user, password),
    );
  },

  async testSecret(secret) {
    const target = await pendingTarget(secret);
    // Connect and read a table, as tasks do. Row-level security returns no rows without a merchant.
    await withConnection(clientConfigFor(target, applicationName), (client) =>
      client.query('SELECT FROM payments.payments LIMIT 1'),
    );
  },

  async finishSecret(secret) {
    await secret.promote();
  },
};

const applicationName = 'secret-rotation';

async function currentLogin(secret: RotatedSecret): Promise<ApiLogin> {
  const { user } = parseConnectionStringSecret(secret.arn, await secret.current());
  if (isApiLogin(user)) return user;
  throw new Error(
    `The AWSCURRENT version of secret ${secret.arn} is for login ${user}, which is not a login of the API. Restore it.`,
  );
}

async function pendingTarget(secret: RotatedSecret): Promise<ConnectionTarget> {
  const text = await secret.pending();
  if (text === undefined)
    throw new Error(`The AWSPENDING version of secret ${secret.arn} has no value. Run createSecret first.`);
  return parseConnectionStringSecret(secret.arn, text);
}

async function administratorTarget({ administratorSecretArn, database }: RotationSettings): Promise<ConnectionTarget> {
  const text = await readSecret(administratorSecretArn);
  const field = (name: string) => secretField(administratorSecretArn, text, name);
  return { ...database, user: field('username'), password: field('password') };
}
