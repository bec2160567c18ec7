import { DescribeTasksCommand, ECSClient, RunTaskCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { DeploymentSteps } from '../../../lib/compute/deployment/deployment-steps';
import { resourceTypes } from '../../../lib/compute/deployment/deployment-steps-contract';
import { isComplete, onEvent } from '../../../lib/compute/deployment/deployment-steps.lambda';
import { customResourceEvent, pollOf } from '../../support/custom-resource-events';
import { properties } from '../../support/deployed-service';
import { TemplateResources } from '../../support/template-resources';
import { TestStack } from '../../support/test-app';

const stack = new TestStack();
new DeploymentSteps(stack, 'DeploymentSteps', { names: stack.names });
const resources = new TemplateResources(stack);

const ecs = mockClient(ECSClient);
mockClient(ElasticLoadBalancingV2Client);
const migration = customResourceEvent('Create', resourceTypes.schemaMigration, { SubnetIds: [], SecurityGroupIds: [] });

beforeEach(() => {
  ecs.reset();
});

test('starts a migration as a task and polls until its container exits', async () => {
  ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: 'task/1' }] });
  const { Data } = await onEvent(migration);
  ecs
    .on(DescribeTasksCommand)
    .resolvesOnce({ tasks: [{ lastStatus: 'RUNNING' }] })
    .resolves({ tasks: [{ lastStatus: 'STOPPED', containers: [{ exitCode: 0 }] }] });
  await expect(isComplete(pollOf(migration, Data))).resolves.toEqual({ IsComplete: false });
  await expect(isComplete(pollOf(migration, Data))).resolves.toEqual({ IsComplete: true });
  expect(ecs.commandCalls(UpdateServiceCommand)).toHaveLength(0);
});

test('starts the first deployment by scaling the service', async () => {
  await onEvent(customResourceEvent('Create', resourceTypes.serviceDeployment, properties));
  expect(ecs.commandCalls(UpdateServiceCommand)).toHaveLength(1);
  expect(ecs.commandCalls(RunTaskCommand)).toHaveLength(0);
});

test('throws for a resource type without a step', () => {
  expect(() => onEvent(customResourceEvent('Create', 'Custom::Other', {}))).toThrow(
    "The resource type 'Custom::Other' is unknown. Use one of Custom::SchemaMigration, Custom::ListenerTraffic, Custom::EcsDeployment.",
  );
});

test('polls every 15 seconds and times out after 55 minutes', () => {
  const [, { Properties }] = resources.only('AWS::StepFunctions::StateMachine');
  const definition = JSON.stringify(Properties['DefinitionString']);
  const retry = /IntervalSeconds\\":(\d+),\\"MaxAttempts\\":(\d+),\\"BackoffRate\\":(\d+)/.exec(definition);
  const [interval = 0, attempts = 0, backoff = 0] = retry?.slice(1).map(Number) ?? [];
  expect({ interval, backoff, minutes: (interval * attempts) / 60 }).toEqual({ interval: 15, backoff: 1, minutes: 55 });
});

test('fails the deployment after a timeout', () => {
  const [, { Properties }] = resources.only('AWS::StepFunctions::StateMachine');
  const definition = JSON.stringify(Properties['DefinitionString']);
  expect(definition).toContain(
    '\\"Catch\\":[{\\"ErrorEquals\\":[\\"States.ALL\\"],\\"Next\\":\\"framework-onTimeout-task\\"}]',
  );
});

test('runs both handlers from one bundle with their own names and log groups', () => {
  const functions = resources
    .properties('AWS::Lambda::Function')
    .filter(({ FunctionName }) => /^deployment-(start|wait)-function-test1$/.test(FunctionName as string));
  expect(functions).toHaveLength(2);
  expect(functions.map(({ Handler }) => Handler).sort()).toEqual(['handler.isComplete', 'handler.onEvent']);
  expect(new Set(functions.map(({ Code }) => JSON.stringify(Code))).size).toBe(1);
  const groups = resources.properties('AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName);
  expect(groups).toEqual(
    expect.arrayContaining([
      '/aws/lambda/deployment-start-function-test1',
      '/aws/lambda/deployment-wait-function-test1',
    ]),
  );
});
