import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTasksCommand, ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import {
  resourceTypes,
  type SchemaMigrationProperties,
} from '../../../lib/compute/deployment/deployment-steps-contract';
import { schemaMigration } from '../../../lib/compute/migrations/schema-migration-step';
import { customResourceEvent, pollOf, stackId } from '../../support/custom-resource-events';

const properties: SchemaMigrationProperties = {
  ClusterArn: 'cluster-arn',
  TaskDefinitionArn: 'task-definition/migration:2',
  SubnetIds: ['subnet-1', 'subnet-2'],
  SecurityGroupIds: ['sg-tasks'],
};
const event = (type: 'Create' | 'Update' | 'Delete') =>
  customResourceEvent(type, resourceTypes.schemaMigration, properties);
const taskArn = 'arn:aws:ecs:eu-south-2:111122223333:task/cluster/0123abcd';
const poll = pollOf(event('Update'), { TaskArn: taskArn });

const ecs = mockClient(ECSClient);
const cloudFormation = mockClient(CloudFormationClient);

beforeEach(() => {
  ecs.reset();
  cloudFormation.reset();
  ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn }] });
  stackIs('UPDATE_IN_PROGRESS');
});

function stackIs(status: 'UPDATE_IN_PROGRESS' | 'UPDATE_ROLLBACK_IN_PROGRESS'): void {
  const stack = { StackName: stackId, CreationTime: new Date(0), StackStatus: status };
  cloudFormation.on(DescribeStacksCommand, { StackName: stackId }).resolves({ Stacks: [stack] });
}

function taskIs(task: Task): void {
  ecs
    .on(DescribeTasksCommand, { cluster: 'cluster-arn', tasks: [taskArn] })
    .resolves({ tasks: [{ taskArn, ...task }] });
}

test.each(['Create', 'Update'] as const)(
  'runs the task of the new image once at %s, in private subnets',
  async (type) => {
    await expect(schemaMigration.start(event(type))).resolves.toEqual({
      PhysicalResourceId: 'schema-migration',
      Data: { TaskArn: taskArn },
    });
    expect(ecs.commandCalls(RunTaskCommand).map(({ args }) => args[0].input)).toEqual([
      {
        cluster: 'cluster-arn',
        taskDefinition: 'task-definition/migration:2',
        launchType: 'FARGATE',
        count: 1,
        // The same for a retry of the same request, so that ECS answers with the task of the first try.
        clientToken: `request-of-${type.toLowerCase()}`,
        startedBy: 'deployment',
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ['subnet-1', 'subnet-2'],
            securityGroups: ['sg-tasks'],
            assignPublicIp: 'DISABLED',
          },
        },
      },
    ]);
  },
);

test('completes a deletion immediately without a task', async () => {
  const { Data } = await schemaMigration.start(event('Delete'));
  await expect(schemaMigration.isComplete(pollOf(event('Delete'), Data))).resolves.toBe(true);
  expect(ecs.calls()).toHaveLength(0);
});

test('completes a rollback of the stack immediately without a task', async () => {
  stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
  const { Data } = await schemaMigration.start(event('Update'));
  await expect(schemaMigration.isComplete(pollOf(event('Update'), Data))).resolves.toBe(true);
  expect(ecs.calls()).toHaveLength(0);
});

test('fails with the reason if ECS does not start the task', async () => {
  ecs.on(RunTaskCommand).resolves({ tasks: [], failures: [{ reason: 'RESOURCE:ENI', detail: 'no address left' }] });
  await expect(schemaMigration.start(event('Update'))).rejects.toThrow(
    'The schema migration could not be started: RESOURCE:ENI no address left.',
  );
});

test.each(['PROVISIONING', 'PENDING', 'RUNNING', 'DEPROVISIONING'])('waits while %s', async (lastStatus) => {
  taskIs({ lastStatus, containers: [{ name: 'api' }] });
  await expect(schemaMigration.isComplete(poll)).resolves.toBe(false);
});

test('completes when its container exits with 0', async () => {
  taskIs({ lastStatus: 'STOPPED', containers: [{ name: 'api', exitCode: 0 }] });
  await expect(schemaMigration.isComplete(poll)).resolves.toBe(true);
});

test('fails with exit code, reason and log stream for another exit code', async () => {
  taskIs({
    lastStatus: 'STOPPED',
    stoppedReason: 'Essential container in task exited',
    containers: [{ name: 'api', exitCode: 1, reason: 'out of memory' }],
  });
  await expect(schemaMigration.isComplete(poll)).rejects.toThrow(
    'The schema migration failed: Essential container in task exited api exited with 1 out of memory. Its log stream ends in 0123abcd.',
  );
});

test('fails when one of several containers fails', async () => {
  const containers = [
    { name: 'api', exitCode: 0 },
    { name: 'log-router', exitCode: 137 },
  ];
  taskIs({ lastStatus: 'STOPPED', containers });
  await expect(schemaMigration.isComplete(poll)).rejects.toThrow('api exited with 0; log-router exited with 137');
});

test('fails when its container never starts', async () => {
  taskIs({ lastStatus: 'STOPPED', stoppedReason: 'CannotPullContainerError', containers: [{ name: 'api' }] });
  await expect(schemaMigration.isComplete(poll)).rejects.toThrow('CannotPullContainerError api exited with no code');
});

test('fails when the task stops without a container', async () => {
  taskIs({ lastStatus: 'STOPPED', stoppedReason: 'Timeout waiting for network interface', containers: [] });
  await expect(schemaMigration.isComplete(poll)).rejects.toThrow('Timeout waiting for network interface');
});

test('fails when ECS does not list the task', async () => {
  ecs.on(DescribeTasksCommand).resolves({ tasks: [], failures: [{ reason: 'MISSING' }] });
  await expect(schemaMigration.isComplete(poll)).rejects.toThrow(
    `ECS does not list the schema migration task ${taskArn}`,
  );
});
