import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerRotationEvent, SecretsManagerRotationEventStep } from 'aws-lambda';
import type { Logger } from 'pino';
import { RotatedSecret } from './rotated-secret.ts';

/** One step of a rotation. It must be idempotent, because Secrets Manager retries it, even after a crash halfway. */
export type RotationStep<Settings> = (secret: RotatedSecret, settings: Settings) => Promise<void>;

/** The steps by their names in Secrets Manager. */
export type RotationSteps<Settings> = Readonly<Record<SecretsManagerRotationEventStep, RotationStep<Settings>>>;

let client: SecretsManagerClient | undefined;

/**
 * Runs the rotation step of an event. Does nothing if the rotation has finished.
 *
 * @throws when the step fails, or the version is not labelled AWSPENDING
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
 */
export async function runStep<Settings>(
  { Step: step, SecretId: secretId, ClientRequestToken: token }: SecretsManagerRotationEvent,
  steps: RotationSteps<Settings>,
  settings: Settings,
  parent: Logger,
): Promise<void> {
  const logger = parent.child({ step, secretId, versionId: token });
  if (!Object.hasOwn(steps, step)) {
    throw new Error(`Unknown rotation step '${step}'. Use one of ${Object.keys(steps).join(', ')}.`);
  }
  client ??= new SecretsManagerClient({ maxAttempts: 5 });
  const secret = new RotatedSecret(secretId, token, client);
  if (await secret.isFinished()) {
    logger.info('rotation already finished; step skipped');
    return;
  }
  await steps[step](secret, settings);
  logger.info('rotation step finished');
}
