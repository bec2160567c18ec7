import { DescribeTasksCommand, ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import type { SchemaMigrationProperties } from '../deployment/deployment-steps-contract';

const ecs = new ECSClient();

/**
 * Starts the migration's task.
 *
 * @param clientToken a request with the same token finds the task that the first one started; at most 64 characters
 * @returns the ARN of the task
 * @throws when ECS starts none, with ECS's reasons
 */
export async function startMigration(properties: SchemaMigrationProperties, clientToken: string): Promise<string> {
  const { ClusterArn, TaskDefinitionArn, SubnetIds, SecurityGroupIds } = properties;
  const { tasks, failures } = await ecs.send(
    new RunTaskCommand({
      cluster: ClusterArn,
      taskDefinition: TaskDefinitionArn,
      launchType: 'FARGATE',
      count: 1,
      clientToken,
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
  if (taskArn !== undefined) return taskArn;
  const reasons = failures?.map(({ reason, detail }) => `${reason ?? 'unknown'} ${detail ?? ''}`.trim()).join('; ');
  throw new Error(`The schema migration could not be started: ${reasons ?? 'ECS gave no reason'}.`);
}

/**
 * Whether the migration's task has ended with success.
 *
 * @throws when it has failed, with its reasons and where its log is
 */
export async function hasMigrated(clusterArn: string, taskArn: string): Promise<boolean> {
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: clusterArn, tasks: [taskArn] }));
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
