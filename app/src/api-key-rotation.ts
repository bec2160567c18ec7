import type { SecretsManagerRotationEvent } from 'aws-lambda';
import { readLoginSettings } from './db/login-settings.ts';
import { apiKeySteps } from './rotation/api-key-steps.ts';
import { runStep } from './rotation/run-step.ts';
import { createLogger } from './telemetry/logger.ts';

/**
 * Lambda handler that rotates the secret with the first API key.
 *
 * @throws when the step fails, or the version is not labelled AWSPENDING
 */
export async function handler(event: SecretsManagerRotationEvent): Promise<void> {
  const { logLevel, environmentName, database } = readLoginSettings(process.env, 'payments_key_rotation');
  await runStep(event, apiKeySteps, database, createLogger(logLevel, environmentName));
}
