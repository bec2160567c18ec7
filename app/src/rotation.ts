import type { SecretsManagerRotationEvent } from 'aws-lambda';
import { readRotationSettings } from './rotation/rotation-environment.ts';
import { rotationSteps } from './rotation/rotation-steps.ts';
import { runStep } from './rotation/run-step.ts';
import { createLogger } from './telemetry/logger.ts';

/**
 * Rotates the secret with the API's connection string.
 *
 * @throws when the step failed, or the version is not the one to rotate to
 */
export async function handler(event: SecretsManagerRotationEvent): Promise<void> {
  const settings = readRotationSettings(process.env);
  await runStep(event, rotationSteps, settings, createLogger(settings.logLevel, settings.environmentName));
}
