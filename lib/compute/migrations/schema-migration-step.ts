import { DescribeTasksCommand, ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import {
  type DeploymentStep,
  type IsCompleteEvent,
  isRollingBack,
  type OnEventResult,
} from '../deployment/deployment-step';
import type { SchemaMigrationProperties } from '../deployment/deployment-steps-contract';
import { physicalId } from '../../constructs/physical-id';

const ecs = new ECSClient();
const ownId = 'schema-migration';

/** Runs the migrations of the new image as one task, before a task of that image serves requests. */
export const schemaMigration: DeploymentStep = { start, isComplete };

async function start(event: CloudFormationCustomResourceEvent): Promise<OnEventResult> {
  // Migrations have no down direction. They are compatible with the previous version, so its image runs on the new schema.
  if (event.RequestType === 'Delete' || (event.RequestType === 'Update' && (await isRollingBack(event.StackId)))) {
    return { PhysicalResourceId: physicalId(event, ownId) };
  }
  const { ClusterArn, TaskDefinitionArn, SubnetIds, SecurityGroupIds } = propertiesOf(event);
  const { tasks, failures } = await ecs.send(
    new RunTaskCommand({
      cluster: ClusterArn,
      taskDefinition: TaskDefinitionArn,
      launchType: 'FARGATE',
      count: 1,
      // With the same token, a retry of this request returns the task of the first attempt.
      clientToken: event.RequestId,
      startedBy: 'deployment',
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...SubnetIds],
          securityGroups: [...SecurityGroupIds],
          assignPublicIp: 'DISABLED',
        },
      },
    }),
  );
  const taskArn = tasks?.[0]?.taskArn;
  if (taskArn === undefined) {
    const reasons = failures?.map(({ reason, detail }) => `${reason ?? 'unknown'} ${detail ?? ''}`.trim()).join('; ');
    throw new Error(`The schema migration could not be started: ${reasons ?? 'ECS gave no reason'}.`);
  }
  return { PhysicalResourceId: ownId, Data: { TaskArn: taskArn } };
}

async function isComplete(event: IsCompleteEvent): Promise<boolean> {
  const taskArn = event.Data?.['TaskArn'];
  if (taskArn === undefined) return true;
  const { tasks } = await ecs.send(
    new DescribeTasksCommand({ cluster: propertiesOf(event).ClusterArn, tasks: [taskArn] }),
  );
  const task = tasks?.[0];
  // ECS lists a stopped task for an hour, and this one started minutes ago.
  if (!task) throw new Error(`ECS does not list the schema migration task ${taskArn}.`);
  if (task.lastStatus !== 'STOPPED') return false;
  const { containers = [] } = task;
  // A task that stopped without containers has not migrated anything.
  if (containers.length > 0 && containers.every(({ exitCode }) => exitCode === 0)) return true;
  throw new Error(failureOf(task));
}

function failureOf({ taskArn = '', stoppedReason, containers = [] }: Task): string {
  const exits = containers.map(({ name, exitCode, reason }) =>
    `${name ?? '?'} exited with ${exitCode ?? 'no code'} ${reason ?? ''}`.trim(),
  );
  return `The schema migration failed: ${stoppedReason ?? ''} ${exits.join('; ')}. Its log stream ends in ${taskArn.split('/').at(-1) ?? ''}.`;
}

function propertiesOf(event: CloudFormationCustomResourceEvent): SchemaMigrationProperties {
  return event.ResourceProperties as unknown as SchemaMigrationProperties;
}
