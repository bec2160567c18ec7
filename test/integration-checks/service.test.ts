import { CodeDeployClient, type DeploymentGroupInfo, GetDeploymentGroupCommand } from '@aws-sdk/client-codedeploy';
import { DescribeServicesCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import {
  deploymentGroupProblems,
  readDeploymentGroup,
  readService,
  serviceProblems,
} from '../integration/checks/service';
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
  [['the service is not deployed by CodeDeploy'], { deploymentController: { type: 'ECS' } }],
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
  expect(deploymentGroupProblems(await readDeploymentGroup(new CodeDeployClient({}), compute))).toEqual(problems);
});

test('reports resources that AWS does not return', async () => {
  ecs.on(DescribeServicesCommand).resolves({ services: [] });
  codeDeploy.on(GetDeploymentGroupCommand).resolves({});
  expect(serviceProblems(await readService(new ECSClient({}), compute), 3)).toEqual(['the service is missing']);
  expect(deploymentGroupProblems(await readDeploymentGroup(new CodeDeployClient({}), compute))).toEqual([
    'the deployment group is missing',
  ]);
});
