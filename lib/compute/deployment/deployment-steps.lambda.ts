import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { schemaMigration } from '../migrations/schema-migration-step';
import { resourceTypes } from './deployment-steps-contract';
import { listenerTraffic } from './listener-traffic-step';
import { serviceDeployment } from './service-deployment-step';
import type { DeploymentStep, IsCompleteEvent, OnEventResult } from './deployment-step';

const steps: Record<string, DeploymentStep> = {
  [resourceTypes.schemaMigration]: schemaMigration,
  [resourceTypes.listenerTraffic]: listenerTraffic,
  [resourceTypes.serviceDeployment]: serviceDeployment,
};

/** Starts the step of the resource type. Must be idempotent, because Lambda retries. */
export function onEvent(event: CloudFormationCustomResourceEvent): Promise<OnEventResult> {
  return stepOf(event.ResourceType).start(event);
}

/** Polls the step of the resource type. */
export async function isComplete(event: IsCompleteEvent): Promise<{ IsComplete: boolean }> {
  return { IsComplete: await stepOf(event.ResourceType).isComplete(event) };
}

function stepOf(resourceType: string): DeploymentStep {
  const step = steps[resourceType];
  if (!step)
    throw new Error(`The resource type '${resourceType}' is unknown. Use one of ${Object.keys(steps).join(', ')}.`);
  return step;
}
