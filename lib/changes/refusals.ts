import { ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { mayBeReplaced, type ResourceChange, type TemplateChanges } from './compare-templates';
import { changedOutputs, referredRegions, withChangedValues } from './cross-stack-values';
import { physicalName } from './physical-name';
import type { Template, TemplateSet } from './template-set';

/** A change that fails in an existing environment or loses data. */
export interface Refusal {
  readonly stackName: string;
  /** The logical id; `undefined` if the refusal concerns a whole stack. */
  readonly logicalId: string | undefined;
  readonly resourceType: string | undefined;
  readonly reason: string;
}

/** Types whose data cannot be recreated. */
const stateful = [
  'AWS::RDS::DBCluster',
  'AWS::RDS::DBInstance',
  'AWS::S3::Bucket',
  'AWS::KMS::Key',
  'AWS::ECR::Repository',
  'AWS::SecretsManager::Secret',
  'AWS::Route53::HostedZone',
];
/** Stateful types with generated content, which may be deleted together with an optional part. */
const generated = ['AWS::SecretsManager::Secret', 'AWS::KMS::Key'];
/** Types that CodeDeploy or ECS shifts traffic with. After a replacement, both would still use the previous ids. */
const traffic = [
  'AWS::ElasticLoadBalancingV2::TargetGroup',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
];

/** The changes that must not be deployed to an existing environment. */
export function refusals(changes: TemplateChanges, current: TemplateSet, next: TemplateSet): Refusal[] {
  const ofResources = changes.resources.flatMap((change) => {
    const reason = reasonOf(change, changes.resources, current);
    const { stackName, logicalId, difference } = change;
    const resourceType = difference.oldResourceType ?? difference.newResourceType;
    return reason === undefined ? [] : [{ stackName, logicalId, resourceType, reason }];
  });
  const ofStack = (reason: string) => (stackName: string) => ({
    stackName,
    logicalId: undefined,
    resourceType: undefined,
    reason,
  });
  return [
    ...ofResources,
    ...changes.stacksLeftBehind.map(
      ofStack('would keep the id of a replaced resource, because its own template does not change'),
    ),
    ...Object.keys(current)
      .filter((stackName) => movesToAnotherRegion(current[stackName] ?? {}, next[stackName]))
      .map(ofStack('would use the resources of another region')),
  ];
}

/** Whether a stack would use resources of another environment, such as the Edge stack those of another home region. */
function movesToAnotherRegion(before: Template, after: Template | undefined): boolean {
  const regions = referredRegions(before);
  const nextRegions = referredRegions(after);
  return regions.length > 0 && nextRegions.length > 0 && !regions.some((region) => nextRegions.includes(region));
}

function reasonOf(change: ResourceChange, all: readonly ResourceChange[], current: TemplateSet): string | undefined {
  const { difference, stackName } = change;
  const { changeImpact, oldValue, newValue } = difference;
  const type = oldValue?.Type ?? '';
  const isReplaced = mayBeReplaced(change);
  const isRemoved = changeImpact === ResourceImpact.WILL_DESTROY || changeImpact === ResourceImpact.WILL_ORPHAN;
  const holdsState = stateful.includes(type) && oldValue?.Properties?.['DBClusterIdentifier'] === undefined;
  if (holdsState && changeImpact === ResourceImpact.MAY_REPLACE) return 'holds data and may be replaced';
  if (holdsState && isReplaced) return 'holds data and would be replaced';
  if (holdsState && isRemoved && !generated.includes(type)) return 'holds data and would be deleted';
  if (isReplaced && oldValue && newValue) {
    const name = physicalName(oldValue);
    if (name !== undefined && name === physicalName(newValue)) return 'would be replaced under the same name';
  }
  if (isRemoved && oldValue) {
    const name = physicalName(oldValue);
    const hasSuccessor = all.some(
      ({ difference: { isAddition, newValue: added } }) =>
        isAddition && added?.Type === type && name !== undefined && physicalName(added) === name,
    );
    if (hasSuccessor) return 'would be replaced under the same name';
  }
  if (isRemoved && type.startsWith('AWS::EC2::') && isUsedElsewhere(change, current)) {
    return 'would be deleted while another stack still uses it';
  }
  if (type === 'AWS::RDS::DBSubnetGroup' && losesSubnets(change)) return 'would lose subnets that the database uses';
  const mover = trafficMover(current, stackName);
  if (mover === undefined || difference.isAddition) return undefined;
  if (type === 'AWS::ECS::Service' && mover === 'CodeDeploy') {
    return 'is deployed by CodeDeploy, and CloudFormation cannot update it';
  }
  if (!traffic.includes(type)) return undefined;
  if (isReplaced || isRemoved) return `carries the traffic that ${mover} moves, and would be replaced`;
  const isFollowed = all.some(({ difference: { newValue: next } }) => next?.Type === 'Custom::ListenerTraffic');
  if (type.includes('::Listener') && !isFollowed) {
    return `carries the traffic that ${mover} moves, and no Custom::ListenerTraffic follows its update`;
  }
  return undefined;
}

/** @see https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBSubnetGroup.html (`SubnetInUse`) */
function losesSubnets({ difference: { oldValue, newValue } }: ResourceChange): boolean {
  const subnetsOf = (resource: typeof oldValue) =>
    ((resource?.Properties?.['SubnetIds'] ?? []) as unknown[]).map((id) => JSON.stringify(id));
  const kept = subnetsOf(newValue);
  return newValue !== undefined && subnetsOf(oldValue).some((id) => !kept.includes(id));
}

/** Whether another stack uses the id of the resource through an output. That stack is updated only later. */
function isUsedElsewhere({ stackName, logicalId }: ResourceChange, current: TemplateSet): boolean {
  const outputs = changedOutputs(stackName, {}, current[stackName] ?? {}, new Set([logicalId]));
  return Object.entries(current).some(
    ([name, template]) =>
      name !== stackName && JSON.stringify(withChangedValues(template, new Set(outputs))) !== JSON.stringify(template),
  );
}

/** What moves the traffic of a stack's service between its target groups; `undefined` in a stack without such a service. */
function trafficMover(current: TemplateSet, stackName: string): 'CodeDeploy' | 'ECS' | undefined {
  const services = Object.values(current[stackName]?.Resources ?? {}).filter(
    ({ Type }) => Type === 'AWS::ECS::Service',
  );
  const has = (property: string, field: string, values: readonly string[]) =>
    services.some(({ Properties }) =>
      values.includes((Properties?.[property] as Readonly<Record<string, string>> | undefined)?.[field] ?? ''),
    );
  if (has('DeploymentController', 'Type', ['CODE_DEPLOY'])) return 'CodeDeploy';
  return has('DeploymentConfiguration', 'Strategy', ['BLUE_GREEN', 'CANARY', 'LINEAR']) ? 'ECS' : undefined;
}
