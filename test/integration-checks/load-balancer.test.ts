import {
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  type Listener,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import {
  listenerProblems,
  readListeners,
  readTargetGroups,
  targetGroupProblems,
} from '../integration/checks/load-balancer';
import { StackResources } from '../integration/stack-resources';

const balancing = mockClient(ElasticLoadBalancingV2Client);
const compute = new StackResources([
  ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'balancer-1'],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', 'blue'],
  ['AWS::ElasticLoadBalancingV2::TargetGroup', 'green'],
]);

beforeEach(() => {
  balancing.reset();
});

const refuse: Listener['DefaultActions'] = [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '403' } }];
const http: Listener = { Protocol: 'HTTP', Port: 80, DefaultActions: refuse };
const https: Listener = { ...http, Protocol: 'HTTPS', Port: 443, SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' };
const redirect: Listener = {
  ...http,
  DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
};
const toAnybody = 'the internet reaches a load balancer that does not insist on HTTPS';
const forwards = 'a listener forwards what no rule admits instead of answering 403';

test.each<[string[], boolean, Listener[]]>([
  [[], false, [http]],
  [[], false, [https]],
  [[], true, [https]],
  [[], true, [https, redirect]],
  [['the load balancer has no listener'], false, []],
  [['a listener is neither HTTPS nor HTTP'], false, [{ ...http, Protocol: 'TCP' }]],
  [[toAnybody], true, [http]],
  [[toAnybody], true, [https, http]],
  [
    ['an HTTPS listener accepts versions of TLS before 1.2'],
    true,
    [{ ...https, SslPolicy: 'ELBSecurityPolicy-2016-08' }],
  ],
  [
    ['an HTTPS listener accepts versions of TLS before 1.2'],
    true,
    [{ ...https, SslPolicy: 'ELBSecurityPolicy-TLS13-1-1-2021-06' }],
  ],
  [[forwards], false, [{ ...http, DefaultActions: [{ Type: 'forward', TargetGroupArn: 'blue' }] }]],
  [
    [forwards],
    false,
    [{ ...http, DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }] }],
  ],
  [[forwards], false, [{ ...http, DefaultActions: [] }]],
])('checks %j if the load balancer is public: %s', async (problems, admitsEverybody, Listeners) => {
  balancing.on(DescribeListenersCommand, { LoadBalancerArn: 'balancer-1' }).resolves({ Listeners });
  const listeners = await readListeners(new ElasticLoadBalancingV2Client({}), compute);
  expect(listenerProblems(listeners, admitsEverybody)).toEqual(problems);
});

const green: TargetGroup = {
  TargetGroupName: 'green',
  TargetGroupArn: 'green',
  Protocol: 'HTTPS',
  HealthCheckProtocol: 'HTTPS',
  HealthCheckPath: '/health',
  Matcher: { HttpCode: '200' },
};
const blue: TargetGroup = { ...green, TargetGroupName: 'blue', TargetGroupArn: 'blue' };

async function groupProblems(groups: TargetGroup[], states: ('healthy' | 'unhealthy')[]) {
  balancing.on(DescribeTargetGroupsCommand, { TargetGroupArns: ['blue', 'green'] }).resolves({ TargetGroups: groups });
  balancing.on(DescribeTargetHealthCommand, { TargetGroupArn: 'blue' }).resolves({ TargetHealthDescriptions: [] });
  balancing
    .on(DescribeTargetHealthCommand, { TargetGroupArn: 'green' })
    .resolves({ TargetHealthDescriptions: states.map((State) => ({ TargetHealth: { State } })) });
  return targetGroupProblems(await readTargetGroups(new ElasticLoadBalancingV2Client({}), compute), 2);
}

test.each<[string[], TargetGroup]>([
  [[], {}],
  [['green does not speak HTTPS with the tasks'], { Protocol: 'HTTP' }],
  [['green does not check health over HTTPS'], { HealthCheckProtocol: 'HTTP' }],
  [['green checks /, not /health'], { HealthCheckPath: '/' }],
  [['green takes answers other than 200 for healthy'], { Matcher: { HttpCode: '200-499' } }],
])('target groups: %j', async (problems, change) => {
  await expect(groupProblems([blue, { ...green, ...change }], ['healthy', 'healthy'])).resolves.toEqual(problems);
});

test('reports a missing target group and too few healthy targets', async () => {
  await expect(groupProblems([green], ['healthy', 'healthy'])).resolves.toEqual([
    'there are 1 target groups, not blue and green',
  ]);
  await expect(groupProblems([blue, green], ['healthy', 'unhealthy'])).resolves.toEqual([
    'no target group has 2 healthy targets',
  ]);
});
