import { CodeDeployClient, type DeploymentGroupInfo, GetDeploymentGroupCommand } from '@aws-sdk/client-codedeploy';
import {
  type DeploymentConfiguration,
  type DeploymentRolloutState,
  DescribeServicesCommand,
  ECSClient,
  type Service,
} from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { readService, rollbackProblems, serviceProblems } from '../integration/checks/service';
import { StackResources } from '../integration/stack-resources';

const ecs = mockClient(ECSClient);
const codeDeploy = mockClient(CodeDeployClient);
const compute = new StackResources([
  ['AWS::ECS::Cluster', 'cluster-1'],
  ['AWS::ECS::Service', 'service-1'],
  ['AWS::CodeDeploy::Application', 'application-1'],
  ['AWS::CodeDeploy::DeploymentGroup', 'group-1'],
]);

beforeEach(() => {
  ecs.reset();
  codeDeploy.reset();
});

const service: Service = {
  status: 'ACTIVE',
  deploymentController: { type: 'CODE_DEPLOY' },
  desiredCount: 3,
  runningCount: 3,
  pendingCount: 0,
};

test.each<[string[], Service]>([
  [[], {}],
  [[], { desiredCount: 5, runningCount: 5 }],
  [['the service is DRAINING, not ACTIVE'], { status: 'DRAINING' }],
  [['the service is not deployed blue-green'], { deploymentController: { type: 'ECS' } }],
  [[], { deploymentController: { type: 'ECS' }, deploymentConfiguration: { strategy: 'LINEAR' } }],
  [
    ['the service is not deployed blue-green'],
    { deploymentController: { type: 'ECS' }, deploymentConfiguration: { strategy: 'ROLLING' } },
  ],
  [['the service wants 2 tasks, fewer than the minimum of 3'], { desiredCount: 2, runningCount: 2 }],
  [['2 tasks run, but 3 are wanted'], { runningCount: 2 }],
  [['4 tasks run, but 3 are wanted'], { runningCount: 4 }],
  [['1 tasks have not started yet'], { pendingCount: 1 }],
])('the service: %j', async (problems, change) => {
  ecs
    .on(DescribeServicesCommand, { cluster: 'cluster-1', services: ['service-1'] })
    .resolves({ services: [{ ...service, ...change }] });
  expect(serviceProblems(await readService(new ECSClient({}), compute), 3)).toEqual(problems);
});

const events = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] as const;
const group: DeploymentGroupInfo = {
  deploymentStyle: { deploymentType: 'BLUE_GREEN' },
  autoRollbackConfiguration: { enabled: true, events: [...events] },
  alarmConfiguration: { enabled: true, alarms: [{ name: 'alarm-1' }] },
};

test.each<[string[], DeploymentGroupInfo]>([
  [[], {}],
  [[], { lastAttemptedDeployment: { deploymentId: 'd-1', status: 'Succeeded' } }],
  [['the last deployment, d-1, is Failed'], { lastAttemptedDeployment: { deploymentId: 'd-1', status: 'Failed' } }],
  [['deployments are not blue-green'], { deploymentStyle: { deploymentType: 'IN_PLACE' } }],
  [
    ['deployments are not rolled back automatically'],
    { autoRollbackConfiguration: { enabled: false, events: [...events] } },
  ],
  [
    ['deployments are not rolled back on DEPLOYMENT_STOP_ON_ALARM'],
    { autoRollbackConfiguration: { enabled: true, events: [events[0], events[2]] } },
  ],
  [['no alarm turns deployments back'], { alarmConfiguration: { enabled: true, alarms: [] } }],
  [['no alarm turns deployments back'], { alarmConfiguration: { enabled: false, alarms: [{ name: 'alarm-1' }] } }],
])('the deployment group: %j', async (problems, change) => {
  codeDeploy
    .on(GetDeploymentGroupCommand, { applicationName: 'application-1', deploymentGroupName: 'group-1' })
    .resolves({ deploymentGroupInfo: { ...group, ...change } });
  await expect(rollbackProblems(new CodeDeployClient({}), compute, service)).resolves.toEqual(problems);
});

const byEcs: DeploymentConfiguration = {
  strategy: 'CANARY',
  alarms: { enable: true, rollback: true, alarmNames: ['alarm-1'] },
  deploymentCircuitBreaker: { enable: true, rollback: true },
  lifecycleHooks: [{ hookTargetArn: 'hook', lifecycleStages: ['PRE_SCALE_UP'] }],
};

test.each<[string[], DeploymentConfiguration, DeploymentRolloutState]>([
  [[], {}, 'COMPLETED'],
  [['the last deployment is FAILED: alarm-1'], {}, 'FAILED'],
  [
    ['deployments whose tasks do not start are not rolled back'],
    { deploymentCircuitBreaker: { enable: true, rollback: false } },
    'COMPLETED',
  ],
  [['no alarm rolls deployments back'], { alarms: { enable: true, rollback: true, alarmNames: [] } }, 'COMPLETED'],
  [
    ['no alarm rolls deployments back'],
    { alarms: { enable: true, rollback: false, alarmNames: ['alarm-1'] } },
    'COMPLETED',
  ],
  [
    ['no lifecycle hook runs the migrations before new tasks start'],
    { lifecycleHooks: [{ hookTargetArn: 'hook', lifecycleStages: ['POST_SCALE_UP'] }] },
    'COMPLETED',
  ],
])('a service that ECS deploys: %j', async (problems, change, rolloutState) => {
  const deployed: Service = {
    deploymentController: { type: 'ECS' },
    deploymentConfiguration: { ...byEcs, ...change },
    deployments: [
      { status: 'ACTIVE', rolloutState: 'FAILED' },
      { status: 'PRIMARY', rolloutState, rolloutStateReason: 'alarm-1' },
    ],
  };
  await expect(rollbackProblems(new CodeDeployClient({}), compute, deployed)).resolves.toEqual(problems);
  expect(codeDeploy.calls()).toEqual([]);
});

test('reports resources that AWS does not return', async () => {
  ecs.on(DescribeServicesCommand).resolves({ services: [] });
  codeDeploy.on(GetDeploymentGroupCommand).resolves({});
  expect(serviceProblems(await readService(new ECSClient({}), compute), 3)).toEqual(['the service is missing']);
  await expect(rollbackProblems(new CodeDeployClient({}), compute, undefined)).resolves.toEqual([
    'the deployment group is missing',
  ]);
});
