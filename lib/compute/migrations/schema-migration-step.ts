import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import {
  type DeploymentStep,
  type IsCompleteEvent,
  isRollingBack,
  type OnEventResult,
} from '../deployment/deployment-step';
import type { SchemaMigrationProperties } from '../deployment/deployment-steps-contract';
import { physicalId } from '../../constructs/physical-id';
import { hasMigrated, startMigration } from './migration-task-run';

const ownId = 'schema-migration';

/** Runs the migrations of the new image as one task, before a task of that image serves requests. */
export const schemaMigration: DeploymentStep = { start, isComplete };

async function start(event: CloudFormationCustomResourceEvent): Promise<OnEventResult> {
  // Migrations have no down direction. They are compatible with the previous version, so its image runs on the new schema.
  if (event.RequestType === 'Delete' || (event.RequestType === 'Update' && (await isRollingBack(event.StackId)))) {
    return { PhysicalResourceId: physicalId(event, ownId) };
  }
  // With the same token, a retry of this request returns the task of the first attempt.
  const taskArn = await startMigration(propertiesOf(event), event.RequestId);
  return { PhysicalResourceId: ownId, Data: { TaskArn: taskArn } };
}

async function isComplete(event: IsCompleteEvent): Promise<boolean> {
  const taskArn = event.Data?.['TaskArn'];
  return taskArn === undefined || hasMigrated(propertiesOf(event).ClusterArn, taskArn);
}

function propertiesOf(event: CloudFormationCustomResourceEvent): SchemaMigrationProperties {
  return event.ResourceProperties as unknown as SchemaMigrationProperties;
}
