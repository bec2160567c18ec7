import { CodeDeployClient, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { DescribeServicesCommand, ECSClient, type Service, type TaskSet } from '@aws-sdk/client-ecs';
import type { DeployedServiceProperties } from './deployment-steps-contract';

const ecs = new ECSClient();
const codeDeploy = new CodeDeployClient();
const runningStates = ['Created', 'Queued', 'InProgress', 'Baking', 'Ready'] as const;

/** Describes the service. @throws Error when ECS does not list it */
export async function describeService({
  ClusterArn,
  ServiceName,
}: Pick<DeployedServiceProperties, 'ClusterArn' | 'ServiceName'>): Promise<Service> {
  const { services } = await ecs.send(new DescribeServicesCommand({ cluster: ClusterArn, services: [ServiceName] }));
  const service = services?.[0];
  if (!service) throw new Error(`The service ${ServiceName} does not exist.`);
  return service;
}

/** The task set that serves production traffic. @throws Error when there is none */
export function primaryTaskSet({ serviceName, taskSets = [] }: Service): TaskSet {
  const primary = taskSets.find(({ status }) => status === 'PRIMARY');
  if (!primary) throw new Error(`The service ${serviceName ?? '?'} has no primary task set.`);
  return primary;
}

/** The ids of deployments in progress. */
export async function runningDeployments(properties: DeployedServiceProperties): Promise<string[]> {
  const { deployments = [] } = await codeDeploy.send(
    new ListDeploymentsCommand({
      applicationName: properties.ApplicationName,
      deploymentGroupName: properties.DeploymentGroupName,
      includeOnlyStatuses: [...runningStates],
    }),
  );
  return deployments;
}
