import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerRotationEvent, SecretsManagerRotationEventStep } from 'aws-lambda';
import type { Logger } from 'pino';
import { RotatedSecret } from './rotated-secret.ts';

/** One step of a rotation. Secrets Manager repeats it, also after a crash half-way through it. */
export type RotationStep<Settings> = (secret: RotatedSecret, settings: Settings) => Promise<void>;

/** The steps by the names that Secrets Manager calls them. */
export type RotationSteps<Settings> = Readonly<Record<SecretsManagerRotationEventStep, RotationStep<Settings>>>;

let client: SecretsManagerClient | undefined;

/**
 * Runs the step that Secrets Manager asks for. Does nothing after the rotation has ended.
 *
 * @throws when the step failed, or the version is not the one to rotate to
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
