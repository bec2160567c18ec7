import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerRotationEvent } from 'aws-lambda';
import { RotatedSecret } from './rotation/rotated-secret.ts';
import { readRotationSettings } from './rotation/rotation-environment.ts';
import { rotationSteps } from './rotation/rotation-steps.ts';
import { createLogger } from './telemetry/logger.ts';

let client: SecretsManagerClient | undefined;

/**
 * Rotates the secret with the API's connection string: one step for each call of Secrets Manager, which repeats what fails.
 *
 * @throws when the step failed, or the version is not the one to rotate to
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export async function handler(event: SecretsManagerRotationEvent): Promise<void> {
  const { Step: step, SecretId: secretId, ClientRequestToken: token } = event;
  const settings = readRotationSettings(process.env);
  const logger = createLogger(settings.logLevel, settings.environmentName).child({ step, secretId, versionId: token });
  if (!Object.hasOwn(rotationSteps, step)) {
    throw new Error(`'${step}' is no step of a rotation; those are ${Object.keys(rotationSteps).join(', ')}.`);
  }
  client ??= new SecretsManagerClient({ maxAttempts: 5 });
  const secret = new RotatedSecret(secretId, token, client);
  if (await secret.isFinished()) {
    logger.info('the rotation has ended before');
    return;
  }
  await rotationSteps[step](secret, settings);
  logger.info('the step is done');
}
