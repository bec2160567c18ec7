import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudFrontClient, GetDistributionConfigCommand } from '@aws-sdk/client-cloudfront';
import {
  DescribeRulesCommand,
  ElasticLoadBalancingV2Client,
  type Rule,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { FlatOutputs } from '../integration/flat-outputs';
import { StackResources } from '../integration/stack-resources';
import type { Access } from './mutations';

/** The secret header of listener rule and CloudFront, and the target group of the rule. */
export interface OriginAccess {
  /** The values of the secret header that the listener rule accepts. */
  readonly admitted: readonly string[];
  /** The value that CloudFront sends. */
  readonly sent: string;
  /** The ARN of the target group that serves production traffic. */
  readonly targetGroup: string;
}

/** Reads it from the listener rule and the distribution. @throws when either is missing */
export async function readOriginAccess(outputs: FlatOutputs, access: Access): Promise<OriginAccess> {
  const compute = await resourcesOf(outputs.ComputeStackName, outputs.ComputeRegion, access);
  const loadBalancers = new ElasticLoadBalancingV2Client({ region: outputs.ComputeRegion, ...access });
  const RuleArns = [compute.only('AWS::ElasticLoadBalancingV2::ListenerRule')];
  const { Rules: [rule] = [] } = await loadBalancers.send(new DescribeRulesCommand({ RuleArns }));
  const header = rule?.Conditions?.find(({ Field }) => Field === 'http-header')?.HttpHeaderConfig;
  const edge = await resourcesOf(outputs.EdgeStackName, outputs.EdgeRegion, access);
  const cloudFront = new CloudFrontClient({ region: outputs.EdgeRegion, ...access });
  const Id = edge.only('AWS::CloudFront::Distribution');
  const { DistributionConfig } = await cloudFront.send(new GetDistributionConfigCommand({ Id }));
  const headers = DistributionConfig?.Origins?.Items?.flatMap(({ CustomHeaders }) => CustomHeaders?.Items ?? []);
  const name = header?.HttpHeaderName?.toLowerCase();
  return {
    admitted: header?.Values ?? [],
    sent: found(headers?.find(({ HeaderName }) => HeaderName?.toLowerCase() === name)?.HeaderValue, 'secret header'),
    targetGroup: found(servingTargetGroup(rule), 'target group of the rule'),
  };
}

/**
 * What is wrong after the secret was replaced. CloudFront sends the former value until the Edge stack is updated, so both are admitted;
 * and CloudFormation's update of the rule leaves the traffic with the tasks that serve.
 */
export function replacementProblems(before: OriginAccess, after: OriginAccess): string[] {
  const checks: readonly (readonly [boolean, string])[] = [
    [after.sent !== before.sent, 'CloudFront sends the former value'],
    [after.admitted.includes(after.sent), 'the load balancer refuses the new value'],
    [after.admitted.includes(before.sent), 'the load balancer refuses the former value'],
    [after.targetGroup === before.targetGroup, `the rule points to ${after.targetGroup}, not to ${before.targetGroup}`],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}

function servingTargetGroup(rule: Rule | undefined): string | undefined {
  const action = rule?.Actions?.find(({ Type }) => Type === 'forward');
  const groups = action?.ForwardConfig?.TargetGroups ?? [];
  return groups.find(({ Weight = 1 }) => Weight > 0)?.TargetGroupArn ?? action?.TargetGroupArn;
}

async function resourcesOf(stackName: string, region: string, access: Access): Promise<StackResources> {
  return StackResources.of(new CloudFormationClient({ region, ...access }), stackName);
}

function found(value: string | undefined, what: string): string {
  if (value === undefined) throw new Error(`There is no ${what}.`);
  return value;
}
