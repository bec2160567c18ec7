import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  ECSClient,
} from '@aws-sdk/client-ecs';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import {
  type EcsListenerTrafficProperties,
  resourceTypes,
} from '../../../lib/compute/deployment/deployment-steps-contract';
import { handler } from '../../../lib/compute/deployment/ecs-listener-traffic.lambda';
import { customResourceEvent } from '../../support/custom-resource-events';

const ecs = mockClient(ECSClient);
const loadBalancing = mockClient(ElasticLoadBalancingV2Client);
const properties: EcsListenerTrafficProperties = {
  ClusterArn: 'cluster-arn',
  ServiceName: 'api-service-test1',
  ListenerRuleArn: 'rule-arn',
  TargetGroupArns: ['blue', 'green'],
  TrafficDigest: 'digest',
  TrafficReferences: [],
};
const event = (type: 'Create' | 'Update' | 'Delete') =>
  customResourceEvent(type, resourceTypes.listenerTraffic, properties);
const done = { PhysicalResourceId: 'traffic-api-service-test1' };

beforeEach(() => {
  ecs.reset();
  loadBalancing.reset();
  jest.spyOn(console, 'log').mockImplementation();
  // As CloudFormation leaves the rule after each update of it.
  loadBalancing
    .on(DescribeRulesCommand, { RuleArns: ['rule-arn'] })
    .resolves({ Rules: [{ Actions: [{ Type: 'forward', TargetGroupArn: 'blue' }] }] });
  ecs.on(DescribeServiceRevisionsCommand).callsFake(({ serviceRevisionArns }: { serviceRevisionArns: string[] }) => ({
    serviceRevisions: serviceRevisionArns.map((arn) => ({
      serviceRevisionArn: arn,
      // What the service was defined with: blue in every revision.
      loadBalancers: [{ targetGroupArn: 'blue' }],
      resolvedConfiguration: { loadBalancers: [{ targetGroupArn: arn === 'revision/odd' ? 'blue' : 'green' }] },
    })),
  }));
});

afterEach(() => {
  jest.restoreAllMocks();
});

const serviceHas = (...revisions: string[]) =>
  ecs.on(DescribeServicesCommand, { cluster: 'cluster-arn', services: ['api-service-test1'] }).resolves({
    services: [
      { currentServiceDeployment: 'deployment/1', currentServiceRevisions: revisions.map((arn) => ({ arn })) },
    ],
  });
const deploymentWeighs = (odd: number, even: number) =>
  ecs.on(DescribeServiceDeploymentsCommand, { serviceDeploymentArns: ['deployment/1'] }).resolves({
    serviceDeployments: [
      {
        sourceServiceRevisions: [{ arn: 'revision/odd', requestedProductionTrafficWeight: odd }],
        targetServiceRevision: { arn: 'revision/even', requestedProductionTrafficWeight: even },
      },
    ],
  });
const weights = () =>
  loadBalancing
    .commandCalls(ModifyRuleCommand)
    .map(({ args }) =>
      args[0].input.Actions?.[0]?.ForwardConfig?.TargetGroups?.map(({ TargetGroupArn, Weight }) => [
        TargetGroupArn,
        Weight,
      ]),
    );

test('leads the rule to green, where the only revision runs, after an update has put it to blue', async () => {
  serviceHas('revision/even');
  await expect(handler(event('Update'))).resolves.toEqual(done);
  expect(weights()).toEqual([
    [
      ['blue', 0],
      ['green', 100],
    ],
  ]);
});

test('leaves a rule that leads to the running revision as it is', async () => {
  serviceHas('revision/odd');
  await handler(event('Update'));
  expect(weights()).toEqual([]);
});

test('gives the rule the weights of a deployment that is under way', async () => {
  serviceHas('revision/odd', 'revision/even');
  deploymentWeighs(90, 10);
  await handler(event('Update'));
  expect(weights()).toEqual([
    [
      ['blue', 90],
      ['green', 10],
    ],
  ]);
});

test('leads the rule to green while ECS bakes the new revision, which would end without any request', async () => {
  serviceHas('revision/odd', 'revision/even');
  deploymentWeighs(0, 100);
  await handler(event('Update'));
  expect(weights()).toEqual([
    [
      ['blue', 0],
      ['green', 100],
    ],
  ]);
});

test('leaves the rule of a service without tasks as it is', async () => {
  serviceHas();
  await handler(event('Update'));
  expect(weights()).toEqual([]);
});

test('names what ECS does not say', async () => {
  serviceHas('revision/odd', 'revision/even');
  ecs.on(DescribeServiceDeploymentsCommand).resolves({ serviceDeployments: [] });
  await expect(handler(event('Update'))).rejects.toThrow(
    'ECS does not say which revision of api-service-test1 serves traffic.',
  );
  serviceHas('revision/even');
  ecs.on(DescribeServiceRevisionsCommand).resolves({ serviceRevisions: [{ serviceRevisionArn: 'revision/even' }] });
  await expect(handler(event('Update'))).rejects.toThrow('Service revision revision/even has no target group.');
  ecs.on(DescribeServicesCommand).resolves({ services: [] });
  await expect(handler(event('Update'))).rejects.toThrow('The service api-service-test1 does not exist.');
  expect(weights()).toEqual([]);
});

test.each(['Create', 'Delete'] as const)('does nothing at %s, when there may be no service', async (type) => {
  await expect(handler(event(type))).resolves.toEqual(type === 'Delete' ? { PhysicalResourceId: 'earlier' } : done);
  expect(ecs.calls()).toEqual([]);
});
