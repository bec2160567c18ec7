import type { SecretsManagerRotationEvent } from 'aws-lambda';
import { readRotationSettings } from './rotation/rotation-environment.ts';
import { rotationSteps } from './rotation/rotation-steps.ts';
import { runStep } from './rotation/run-step.ts';
import { createLogger } from './telemetry/logger.ts';

/**
 * Lambda handler that rotates the secret with the connection string of the API.
 *
 * @throws when the step fails, or the version is not labelled AWSPENDING
 */
export async function handler(event: SecretsManagerRotationEvent): Promise<void> {
  const settings = readRotationSettings(process.env);
  await runStep(event, rotationSteps, settings, createLogger(settings.logLevel, settings.environmentName));
}
