import type { DatabaseEnvironment } from '../environment.ts';
import { clientConfigOf } from '../db/pool.ts';
import { withConnection } from '../db/with-connection.ts';
import { addRotatedKey, isValidKey, revokeKey } from '../merchants/rotated-key-repository.ts';
import { generateApiKey } from '../merchants/api-key.ts';
import type { RotatedSecret } from './rotated-secret.ts';
import type { RotationSteps } from './run-step.ts';

/**
 * The rotation steps of the first API key.
 *
 * The current and the previous key are both valid, so a merchant has until the next rotation to switch. Rejected: an expiry date for the
 * previous key, because merchants would have no valid key while rotations fail.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 */
export const apiKeySteps: RotationSteps<DatabaseEnvironment> = {
  async createSecret(secret) {
    if ((await secret.pending()) === undefined) await secret.writePending(generateApiKey());
  },

  async setSecret(secret, database) {
    const [current, pending] = [await secret.current(), await pendingKey(secret)];
    const merchantId = await withConnection(clientConfigOf(database, applicationName), (client) =>
      addRotatedKey(client, current, pending),
    );
    if (merchantId === undefined) {
      throw new Error(
        `The database has no API key that matches the AWSCURRENT version of secret ${secret.arn}. Deploy once: migrations store the key.`,
      );
    }
  },

  async testSecret(secret, database) {
    const pending = await pendingKey(secret);
    const isValid = await withConnection(clientConfigOf(database, applicationName), (client) =>
      isValidKey(client, pending),
    );
    if (!isValid)
      throw new Error(`The AWSPENDING key of secret ${secret.arn} is not in the database. Run setSecret first.`);
  },

  async finishSecret(secret, database) {
    const [previous, current] = [await secret.previous(), await secret.current()];
    // Before the promotion, because Secrets Manager does not retry a finished rotation.
    if (previous !== undefined && previous !== current) {
      await withConnection(clientConfigOf(database, applicationName), (client) => revokeKey(client, previous));
    }
    await secret.promote();
  },
};

const applicationName = 'api-key-rotation';

async function pendingKey(secret: RotatedSecret): Promise<string> {
  const key = await secret.pending();
  if (key === undefined)
    throw new Error(`The AWSPENDING version of secret ${secret.arn} has no value. Run createSecret first.`);
  return key;
}
