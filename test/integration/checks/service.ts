import { type CodeDeployClient, type DeploymentGroupInfo, GetDeploymentGroupCommand } from '@aws-sdk/client-codedeploy';
import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

/** The API's service, as ECS describes it. */
export async function readService(client: ECSClient, compute: StackResources): Promise<Service | undefined> {
  const { services = [] } = await client.send(
    new DescribeServicesCommand({
      cluster: compute.only('AWS::ECS::Cluster'),
      services: [compute.only('AWS::ECS::Service')],
    }),
  );
  return services[0];
}

/** The service is deployed blue-green and steady, with the desired and at least the minimum number of tasks. */
export function serviceProblems(service: Service | undefined, minTasks: number): string[] {
  if (service === undefined) return ['the service is missing'];
  const { status, runningCount = 0, desiredCount = 0, pendingCount = 0 } = service;
  return problems([
    [status === 'ACTIVE', `the service is ${status ?? 'without status'}, not ACTIVE`],
    [isBlueGreen(service), 'the service is not deployed blue-green'],
    [desiredCount >= minTasks, `the service wants ${desiredCount} tasks, fewer than the minimum of ${minTasks}`],
    [runningCount === desiredCount, `${runningCount} tasks run, but ${desiredCount} are wanted`],
    [pendingCount === 0, `${pendingCount} tasks have not started yet`],
  ]);
}

function isBlueGreen({ deploymentController, deploymentConfiguration }: Service): boolean {
  if (deploymentController?.type === 'CODE_DEPLOY') return true;
  return ['BLUE_GREEN', 'CANARY', 'LINEAR'].includes(deploymentConfiguration?.strategy ?? '');
}

/** Blue-green with a way back, whichever service deploys. */
export async function rollbackProblems(
  client: CodeDeployClient,
  compute: StackResources,
  service: Service | undefined,
): Promise<string[]> {
  if (service?.deploymentController?.type === 'ECS') return ecsRollbackProblems(service);
  return deploymentGroupProblems(await readDeploymentGroup(client, compute));
}

function ecsRollbackProblems({ deploymentConfiguration = {}, deployments = [] }: Service): string[] {
  const { alarms, deploymentCircuitBreaker: breaker, lifecycleHooks = [] } = deploymentConfiguration;
  const last = deployments.find(({ status }) => status === 'PRIMARY');
  return problems([
    [breaker?.enable === true && breaker.rollback === true, 'deployments whose tasks do not start are not rolled back'],
    [
      alarms?.enable === true && alarms.rollback === true && (alarms.alarmNames ?? []).length > 0,
      'no alarm rolls deployments back',
    ],
    [
      lifecycleHooks.some(({ lifecycleStages }) => lifecycleStages?.includes('PRE_SCALE_UP')),
      'no lifecycle hook runs the migrations before new tasks start',
    ],
    [
      last?.rolloutState === 'COMPLETED',
      `the last deployment is ${last?.rolloutState ?? 'without state'}: ${last?.rolloutStateReason ?? 'no reason'}`,
    ],
  ]);
}

/** The deployment group of the service. */
async function readDeploymentGroup(
  client: CodeDeployClient,
  compute: StackResources,
): Promise<DeploymentGroupInfo | undefined> {
  const { deploymentGroupInfo } = await client.send(
    new GetDeploymentGroupCommand({
      applicationName: compute.only('AWS::CodeDeploy::Application'),
      deploymentGroupName: compute.only('AWS::CodeDeploy::DeploymentGroup'),
    }),
  );
  return deploymentGroupInfo;
}

/** Blue-green with automatic rollback. A group without deployments is correct too, because the first version is scaled up. */
function deploymentGroupProblems(group: DeploymentGroupInfo | undefined): string[] {
  if (group === undefined) return ['the deployment group is missing'];
  const { deploymentStyle, autoRollbackConfiguration, alarmConfiguration, lastAttemptedDeployment: last } = group;
  const events = ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'] as const;
  return problems([
    [deploymentStyle?.deploymentType === 'BLUE_GREEN', 'deployments are not blue-green'],
    [autoRollbackConfiguration?.enabled === true, 'deployments are not rolled back automatically'],
    ...events.map(
      (event) =>
        [
          autoRollbackConfiguration?.events?.includes(event) === true,
          `deployments are not rolled back on ${event}`,
        ] as const,
    ),
    [
      alarmConfiguration?.enabled === true && (alarmConfiguration.alarms ?? []).length > 0,
      'no alarm turns deployments back',
    ],
    [
      last === undefined || last.status === 'Succeeded',
      `the last deployment, ${last?.deploymentId ?? ''}, is ${last?.status ?? 'without status'}`,
    ],
  ]);
}
