import { type CloudFrontClient, GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import {
  GetRuleGroupCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  type Rule,
  type Scope,
  type WAFV2Client,
} from '@aws-sdk/client-wafv2';
import type { StackResources } from '../stack-resources';

/** A public resource and the ARN of its web ACL. */
export interface ProtectedResource {
  readonly resource: string;
  readonly webAclArn: string | undefined;
}

/** Every distribution of the edge stack. */
export async function readDistributions(
  client: CloudFrontClient,
  edge: StackResources,
): Promise<readonly ProtectedResource[]> {
  return Promise.all(
    edge.all('AWS::CloudFront::Distribution').map(async (Id) => {
      const { Distribution } = await client.send(new GetDistributionCommand({ Id }));
      return { resource: `the distribution ${Id}`, webAclArn: Distribution?.DistributionConfig?.WebACLId };
    }),
  );
}

/** The stages of an API Gateway; none where there is no API Gateway. */
export async function readStages(
  client: WAFV2Client,
  region: string,
  edge: StackResources,
): Promise<readonly ProtectedResource[]> {
  return Promise.all(
    edge.all('AWS::ApiGateway::Stage').map(async (stage) => {
      const api = edge.only('AWS::ApiGateway::RestApi');
      const ResourceArn = `arn:aws:apigateway:${region}::/restapis/${api}/stages/${stage}`;
      const { WebACL } = await client.send(new GetWebACLForResourceCommand({ ResourceArn }));
      return { resource: `the stage ${stage} of the API Gateway`, webAclArn: WebACL?.ARN };
    }),
  );
}

/** The load balancer. */
export async function readBalancer(client: WAFV2Client, compute: StackResources): Promise<ProtectedResource> {
  const ResourceArn = compute.only('AWS::ElasticLoadBalancingV2::LoadBalancer');
  const { WebACL } = await client.send(new GetWebACLForResourceCommand({ ResourceArn }));
  return { resource: 'the load balancer', webAclArn: WebACL?.ARN };
}

/**
 * Whatever faces the internet stands behind a web ACL of the edge stack, and none of these is idle.
 *
 * @param webAcls as CloudFormation names them: name, id and scope, joined by `|`
 */
export function webAclProblems(resources: readonly ProtectedResource[], webAcls: readonly string[]): string[] {
  const tails = webAcls.map((each) => {
    const [name = '', id = ''] = each.split('|');
    return { name, tail: `/webacl/${name}/${id}` };
  });
  const unprotected = resources.filter(({ webAclArn = '' }) => !tails.some(({ tail }) => webAclArn.endsWith(tail)));
  const idle = tails.filter(({ tail }) => !resources.some(({ webAclArn = '' }) => webAclArn.endsWith(tail)));
  return [
    ...(resources.length === 0 ? ['nothing faces the internet'] : []),
    ...unprotected.map(({ resource }) => `no web ACL of the platform protects ${resource}`),
    ...idle.map(({ name }) => `the web ACL ${name} protects nothing`),
  ];
}

/** A web ACL or a group of rules, with its rules. */
export interface RuleSet {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/** The rules of every web ACL and rule group of the edge stack, which CloudFormation names: name, id and scope, joined by `|`. */
export async function readRuleSets(client: WAFV2Client, edge: StackResources): Promise<readonly RuleSet[]> {
  const ids = (type: string) =>
    edge.all(type).map((each) => {
      const [Name, Id, Scope] = each.split('|');
      return { Name, Id, Scope: Scope as Scope };
    });
  const [acls, groups] = await Promise.all([
    Promise.all(ids('AWS::WAFv2::WebACL').map(async (each) => client.send(new GetWebACLCommand(each)))),
    Promise.all(ids('AWS::WAFv2::RuleGroup').map(async (each) => client.send(new GetRuleGroupCommand(each)))),
  ]);
  return [...acls.map(({ WebACL }) => WebACL), ...groups.map(({ RuleGroup }) => RuleGroup)].map((each) => ({
    name: each?.Name ?? 'a set of rules',
    rules: each?.Rules ?? [],
  }));
}

/** Rules must block, not count. */
export function ruleProblems(sets: readonly RuleSet[]): string[] {
  return sets.flatMap(({ name, rules }) => [
    ...(rules.length === 0 ? [`${name} has no rules`] : []),
    ...rules
      .filter(({ Action, OverrideAction }) => !(Action?.Block ?? OverrideAction?.None))
      .map(({ Name = 'a rule' }) => `${Name} of ${name} does not block`),
  ]);
}
