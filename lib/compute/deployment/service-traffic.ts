import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  ECSClient,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import type { DeployedServiceProperties } from './deployment-steps-contract';
import { describeService } from './running-service';

const ecs = new ECSClient();

/** The percentage of production traffic for each target group, by its ARN. */
export type TrafficWeights = Readonly<Record<string, number>>;

/**
 * Where ECS sends the production traffic of a service whose traffic it moves itself.
 *
 * @returns no weights for a service without tasks
 * @throws when ECS does not know the service, or does not say where its traffic goes
 */
export async function productionTraffic(
  service: Pick<DeployedServiceProperties, 'ClusterArn' | 'ServiceName'>,
): Promise<TrafficWeights> {
  const { currentServiceRevisions = [], currentServiceDeployment } = await describeService(service);
  const [only, ...others] = currentServiceRevisions.flatMap(({ arn }) => arn ?? []);
  if (only === undefined) return {};
  const byRevision = others.length === 0 ? { [only]: 100 } : await weightsDuring(currentServiceDeployment);
  const serving = Object.keys(byRevision).filter((arn) => (byRevision[arn] ?? 0) > 0);
  if (serving.length === 0)
    throw new Error(`ECS does not say which revision of ${service.ServiceName} serves traffic.`);
  const { serviceRevisions = [] } = await ecs.send(
    new DescribeServiceRevisionsCommand({ serviceRevisionArns: serving }),
  );
  return Object.fromEntries(
    serviceRevisions.map((revision) => [targetGroupOf(revision), byRevision[revision.serviceRevisionArn ?? ''] ?? 0]),
  );
}

/** The weights of the revisions while one replaces the other, by their ARNs. */
async function weightsDuring(deploymentArn: string | undefined): Promise<TrafficWeights> {
  if (deploymentArn === undefined) return {};
  const { serviceDeployments = [] } = await ecs.send(
    new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [deploymentArn] }),
  );
  const { sourceServiceRevisions = [], targetServiceRevision } = serviceDeployments[0] ?? {};
  return Object.fromEntries(
    [...sourceServiceRevisions, ...(targetServiceRevision ? [targetServiceRevision] : [])].map(
      ({ arn = '', requestedProductionTrafficWeight = 0 }) => [arn, requestedProductionTrafficWeight],
    ),
  );
}

/** The group that the tasks of a revision registered with; what the service was defined with is always blue. */
function targetGroupOf({ serviceRevisionArn = '?', resolvedConfiguration }: ServiceRevision): string {
  const targetGroupArn = resolvedConfiguration?.loadBalancers?.[0]?.targetGroupArn;
  if (targetGroupArn === undefined) throw new Error(`Service revision ${serviceRevisionArn} has no target group.`);
  return targetGroupArn;
}
