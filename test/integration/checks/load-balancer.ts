import {
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type Listener,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { StackResources } from '../stack-resources';
import { problems } from './problems';

const type = (name: string) => `AWS::ElasticLoadBalancingV2::${name}`;

/** The listeners of the load balancer. */
export async function readListeners(
  client: ElasticLoadBalancingV2Client,
  compute: StackResources,
): Promise<readonly Listener[]> {
  const LoadBalancerArn = compute.only(type('LoadBalancer'));
  const { Listeners = [] } = await client.send(new DescribeListenersCommand({ LoadBalancerArn }));
  return Listeners;
}

/** The default action is 403, and public listeners require TLS 1.2. */
export function listenerProblems(listeners: readonly Listener[], admitsEverybody: boolean): string[] {
  const of = (protocol: string) => listeners.filter(({ Protocol }) => Protocol === protocol);
  return problems([
    [listeners.length > 0, 'the load balancer has no listener'],
    [
      listeners.every(({ Protocol }) => Protocol === 'HTTPS' || Protocol === 'HTTP'),
      'a listener is neither HTTPS nor HTTP',
    ],
    [
      !admitsEverybody || (of('HTTPS').length > 0 && of('HTTP').every(redirects)),
      'the internet reaches a load balancer that does not insist on HTTPS',
    ],
    [
      of('HTTPS').every(({ SslPolicy = '' }) => /^ELBSecurityPolicy-TLS13-1-[23]-/.test(SslPolicy)),
      'an HTTPS listener accepts versions of TLS before 1.2',
    ],
    [
      listeners.every((listener) => refuses(listener) || redirects(listener)),
      'a listener forwards what no rule admits instead of answering 403',
    ],
  ]);
}

function refuses({ DefaultActions: [action, ...others] = [] }: Listener): boolean {
  return action?.FixedResponseConfig?.StatusCode === '403' && others.length === 0;
}

function redirects({ DefaultActions: [action, ...others] = [] }: Listener): boolean {
  return action?.RedirectConfig?.Protocol === 'HTTPS' && others.length === 0;
}

/** A target group and how many of its targets are healthy. */
export interface TargetGroupHealth {
  readonly group: TargetGroup;
  readonly healthy: number;
}

/** Blue and green. */
export async function readTargetGroups(
  client: ElasticLoadBalancingV2Client,
  compute: StackResources,
): Promise<readonly TargetGroupHealth[]> {
  const TargetGroupArns = [...compute.all(type('TargetGroup'))];
  const { TargetGroups = [] } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
  return Promise.all(
    TargetGroups.map(async (group) => {
      const { TargetHealthDescriptions: targets = [] } = await client.send(
        new DescribeTargetHealthCommand({ TargetGroupArn: group.TargetGroupArn }),
      );
      return { group, healthy: targets.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy').length };
    }),
  );
}

/** Two target groups with HTTPS, one of them with enough healthy targets. */
export function targetGroupProblems(groups: readonly TargetGroupHealth[], minTasks: number): string[] {
  return problems([
    [groups.length === 2, `there are ${groups.length} target groups, not blue and green`],
    ...groups.flatMap(({ group }) => {
      const name = group.TargetGroupName ?? 'a target group';
      return [
        [group.Protocol === 'HTTPS', `${name} does not speak HTTPS with the tasks`],
        [group.HealthCheckProtocol === 'HTTPS', `${name} does not check health over HTTPS`],
        [group.HealthCheckPath === '/health', `${name} checks ${group.HealthCheckPath ?? 'nothing'}, not /health`],
        [group.Matcher?.HttpCode === '200', `${name} takes answers other than 200 for healthy`],
      ] as const;
    }),
    [groups.some(({ healthy }) => healthy >= minTasks), `no target group has ${minTasks} healthy targets`],
  ]);
}
