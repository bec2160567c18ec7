import { alternateOf, type ApiLogin, isApiLogin, setPassword } from '../db/api-logins.ts';
import type { ConnectionTarget } from '../db/connection-string.ts';
import { connectionTo } from '../db/pool.ts';
import { withConnection } from '../db/with-connection.ts';
import { newPassword, targetOfSecret, textOfSecret } from '../secrets/connection-string-secret.ts';
import { secretField } from '../secrets/secret-fields.ts';
import { readSecret } from '../secrets/secret-reader.ts';
import type { RotatedSecret } from './rotated-secret.ts';
import type { RotationSettings } from './rotation-environment.ts';
import type { RotationSteps } from './run-step.ts';

/**
 * The steps that rotate the connection string.
 *
 * The API has two logins, and a rotation renews the one that is not in use: the connection string that running tasks hold stays valid
 * until the rotation after the next. Renewing the one in use would lock tasks out between the change and their reading of it.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets_strategies.html alternating users
 */
export const rotationSteps: RotationSteps<RotationSettings> = {
  async createSecret(secret, { database }) {
    const login = alternateOf(await currentLogin(secret));
    // Written before the database learns it, so that a repetition finds it and makes no other.
    if ((await secret.pending()) !== undefined) return;
    await secret.writePending(textOfSecret({ ...database, user: login, password: newPassword() }));
  },

  async setSecret(secret, settings) {
    const { user, password } = await pendingTarget(secret);
    const inUse = await currentLogin(secret);
    if (!isApiLogin(user) || user === inUse) {
      throw new Error(
        `The AWSPENDING version of secret ${secret.arn} is for login ${user}, but only ${alternateOf(inUse)} can be rotated ` +
          `while tasks use ${inUse}. Remove the label AWSPENDING from that version and rotate again.`,
      );
    }
    const administrator = await administratorTarget(settings);
    await withConnection(connectionTo(administrator, applicationName), (client) => setPassword(client, user, password));
  },

  async testSecret(secret) {
    const target = await pendingTarget(secret);
    // What tasks do: connect, and read a table of theirs. Without a merchant it shows no row.
    await withConnection(connectionTo(target, applicationName), (client) =>
      client.query('SELECT FROM payments.payments LIMIT 1'),
    );
  },

  async finishSecret(secret) {
    await secret.promote();
  },
};

const applicationName = 'secret-rotation';

async function currentLogin(secret: RotatedSecret): Promise<ApiLogin> {
  const { user } = targetOfSecret(secret.arn, await secret.current());
  if (isApiLogin(user)) return user;
  throw new Error(
    `The AWSCURRENT version of secret ${secret.arn} is for login ${user}, which is not a login of the API. Restore it.`,
  );
}

async function pendingTarget(secret: RotatedSecret): Promise<ConnectionTarget> {
  const text = await secret.pending();
  if (text === undefined)
    throw new Error(`The AWSPENDING version of secret ${secret.arn} has no value. Run createSecret first.`);
  return targetOfSecret(secret.arn, text);
}

async function administratorTarget({ administratorSecretArn, database }: RotationSettings): Promise<ConnectionTarget> {
  const text = await readSecret(administratorSecretArn);
  const field = (name: string) => secretField(administratorSecretArn, text, name);
  return { ...database, user: field('username'), password: field('password') };
}
