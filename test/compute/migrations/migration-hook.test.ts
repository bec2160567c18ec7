import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTasksCommand, ECSClient, RunTaskCommand, type Task } from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../lib/compute/migrations/migration-hook.lambda';
import { stackId } from '../../support/custom-resource-events';

const ecs = mockClient(ECSClient);
const cloudFormation = mockClient(CloudFormationClient);
const log = jest.spyOn(console, 'log');
const now = new Date('2026-11-27T06:00:00Z');
const minutes = 60_000;

const resourceArn = 'arn:aws:ecs:eu-south-2:111122223333:service-deployment/cluster/api-service-test1/EZe5RNVLH6PPzHX';
const run = { taskArn: 'task/cluster/0123', startedAt: now.getTime() };
const inProgress = { hookStatus: 'IN_PROGRESS', callBackDelay: 15, hookDetails: run };

beforeEach(() => {
  jest.useFakeTimers({ now });
  ecs.reset();
  cloudFormation.reset();
  log.mockReset();
  stackIs('UPDATE_IN_PROGRESS');
  process.env['STACK_ID'] = stackId;
  process.env['MIGRATION'] = JSON.stringify({
    ClusterArn: 'cluster-arn',
    TaskDefinitionArn: 'migration:2',
    SubnetIds: ['subnet-1'],
    SecurityGroupIds: ['sg-1'],
  });
});

afterAll(() => {
  jest.useRealTimers();
  log.mockRestore();
  delete process.env['STACK_ID'];
  delete process.env['MIGRATION'];
});

function stackIs(status: 'UPDATE_IN_PROGRESS' | 'UPDATE_ROLLBACK_IN_PROGRESS'): void {
  cloudFormation.on(DescribeStacksCommand, { StackName: stackId }).resolves({
    Stacks: [{ StackName: stackId, CreationTime: new Date(0), StackStatus: status }],
  });
}

const taskIs = (task: Task) =>
  ecs.on(DescribeTasksCommand, { cluster: 'cluster-arn', tasks: [run.taskArn] }).resolves({ tasks: [task] });

test('the first invocation starts the migration of the new image, and asks to be invoked again', async () => {
  ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: run.taskArn }] });
  await expect(handler({ resourceArn })).resolves.toEqual(inProgress);
  expect(ecs.commandCalls(RunTaskCommand)[0]?.args[0].input).toMatchObject({
    cluster: 'cluster-arn',
    taskDefinition: 'migration:2',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'], securityGroups: ['sg-1'] } },
  });
});

test('a repeated first invocation finds the task of the same deployment, and another deployment starts its own', async () => {
  ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: run.taskArn }] });
  await handler({ resourceArn });
  await handler({ resourceArn, hookDetails: null });
  await handler({ resourceArn: `${resourceArn}2`, hookDetails: {} });
  const tokens = ecs.commandCalls(RunTaskCommand).map(({ args }) => args[0].input.clientToken);
  expect(tokens).toEqual(['EZe5RNVLH6PPzHX', 'EZe5RNVLH6PPzHX', 'EZe5RNVLH6PPzHX2']);
});

test('the deployment waits while the task runs, and starts no second one', async () => {
  taskIs({ lastStatus: 'RUNNING' });
  await expect(handler({ resourceArn, hookDetails: run })).resolves.toEqual(inProgress);
  expect(ecs.commandCalls(RunTaskCommand)).toHaveLength(0);
});

test('the deployment goes on when the migrations have succeeded', async () => {
  taskIs({ lastStatus: 'STOPPED', containers: [{ exitCode: 0 }] });
  await expect(handler({ resourceArn, hookDetails: run })).resolves.toEqual({ hookStatus: 'SUCCEEDED' });
  expect(log).not.toHaveBeenCalled();
});

test.each<[string, Task, string]>([
  [
    'exited with an error',
    { taskArn: run.taskArn, lastStatus: 'STOPPED', containers: [{ name: 'api', exitCode: 1 }] },
    'The schema migration failed:  api exited with 1. Its log stream ends in 0123.',
  ],
  [
    'never had a container',
    { taskArn: run.taskArn, lastStatus: 'STOPPED', stoppedReason: 'CannotPullContainerError' },
    'The schema migration failed: CannotPullContainerError . Its log stream ends in 0123.',
  ],
])('the deployment is rolled back when the task %s, and the log says why', async (_, task, message) => {
  taskIs(task);
  await expect(handler({ resourceArn, hookDetails: run })).resolves.toEqual({ hookStatus: 'FAILED' });
  expect(log.mock.calls.map(([line]) => JSON.parse(line as string) as unknown)).toEqual([
    { level: 'error', message, deployment: resourceArn },
  ]);
});

test('the deployment is rolled back when the task cannot be started', async () => {
  ecs.on(RunTaskCommand).resolves({ failures: [{ reason: 'RESOURCE:FARGATE' }] });
  await expect(handler({ resourceArn })).resolves.toEqual({ hookStatus: 'FAILED' });
  expect(log.mock.calls[0]?.[0]).toContain('could not be started: RESOURCE:FARGATE');
});

test('the deployment is rolled back when the task runs longer than 55 minutes', async () => {
  taskIs({ lastStatus: 'RUNNING' });
  const started = (ago: number) => ({ ...run, startedAt: now.getTime() - ago * minutes });
  await expect(handler({ resourceArn, hookDetails: started(55) })).resolves.toMatchObject({
    hookStatus: 'IN_PROGRESS',
  });
  await expect(handler({ resourceArn, hookDetails: started(56) })).resolves.toEqual({ hookStatus: 'FAILED' });
});

test('nothing is migrated while the stack rolls back: the old image runs on the new schema', async () => {
  stackIs('UPDATE_ROLLBACK_IN_PROGRESS');
  await expect(handler({ resourceArn })).resolves.toEqual({ hookStatus: 'SUCCEEDED' });
  expect(ecs.calls()).toEqual([]);
});
