import { CloudFrontClient, type Distribution, GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import {
  GetRuleGroupCommand,
  GetWebACLCommand,
  GetWebACLForResourceCommand,
  type Rule,
  WAFV2Client,
  type WebACL,
} from '@aws-sdk/client-wafv2';
import { mockClient } from 'aws-sdk-client-mock';
import {
  readBalancer,
  readDistributions,
  readRuleSets,
  readStages,
  ruleProblems,
  webAclProblems,
} from '../integration/checks/web-acl';
import { StackResources } from '../integration/stack-resources';

const cloudFront = mockClient(CloudFrontClient);
const wafv2 = mockClient(WAFV2Client);

beforeEach(() => {
  cloudFront.reset();
  wafv2.reset();
});

const arn = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/acl-1/id-1';
const protectedBy = (webAclArn: string) => [{ resource: 'the distribution D1', webAclArn }];

test('reads the web ACL of a distribution', async () => {
  cloudFront
    .on(GetDistributionCommand, { Id: 'D1' })
    .resolves({ Distribution: { DistributionConfig: { WebACLId: arn } } as Distribution });
  const edge = new StackResources([['AWS::CloudFront::Distribution', 'D1']]);
  await expect(readDistributions(new CloudFrontClient({}), edge)).resolves.toEqual(protectedBy(arn));
});

test.each([
  [{ ARN: arn } as WebACL, arn],
  [undefined, undefined],
])('a load balancer: %j', async (WebACL, webAclArn) => {
  wafv2.on(GetWebACLForResourceCommand, { ResourceArn: 'balancer-1' }).resolves({ WebACL });
  const compute = new StackResources([['AWS::ElasticLoadBalancingV2::LoadBalancer', 'balancer-1']]);
  const expected = { resource: 'the load balancer', webAclArn };
  await expect(readBalancer(new WAFV2Client({}), compute)).resolves.toEqual(expected);
});

test('the stage of an API Gateway', async () => {
  const ResourceArn = 'arn:aws:apigateway:us-east-1::/restapis/api-1/stages/api';
  wafv2.on(GetWebACLForResourceCommand, { ResourceArn }).resolves({ WebACL: { ARN: arn } as WebACL });
  const edge = new StackResources([
    ['AWS::ApiGateway::RestApi', 'api-1'],
    ['AWS::ApiGateway::Stage', 'api'],
  ]);
  const expected = { resource: 'the stage api of the API Gateway', webAclArn: arn };
  await expect(readStages(new WAFV2Client({}), 'us-east-1', edge)).resolves.toEqual([expected]);
  await expect(readStages(new WAFV2Client({}), 'us-east-1', new StackResources([]))).resolves.toEqual([]);
});

test('requires a web ACL for each resource and a resource for each web ACL', () => {
  expect(webAclProblems(protectedBy(arn), ['acl-1|id-1|CLOUDFRONT'])).toEqual([]);
  const unprotected = 'no web ACL of the platform protects the distribution D1';
  const idle = 'the web ACL acl-1 protects nothing';
  for (const other of ['', arn.replace('acl-1', 'acl-2'), arn.replace('id-1', 'id-2')]) {
    expect(webAclProblems(protectedBy(other), ['acl-1|id-1|CLOUDFRONT'])).toEqual([unprotected, idle]);
  }
  expect(webAclProblems(protectedBy(arn), [])).toEqual([unprotected]);
  expect(webAclProblems([], [])).toEqual(['nothing faces the internet']);
});

const visibility = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: 'm' };

async function rulesOf(acl: Partial<Rule>[], group: Partial<Rule>[]) {
  const named = (rules: Partial<Rule>[]) =>
    rules.map((rule) => ({ Name: 'rule', Priority: 1, Statement: undefined, VisibilityConfig: visibility, ...rule }));
  wafv2.on(GetWebACLCommand, { Name: 'acl', Id: 'id-1', Scope: 'REGIONAL' }).resolves({
    WebACL: { Name: 'acl', Rules: named(acl) } as WebACL,
  });
  wafv2.on(GetRuleGroupCommand, { Name: 'group', Id: 'id-2', Scope: 'REGIONAL' }).resolves({
    RuleGroup: { Name: 'group', Id: 'id-2', ARN: '', Capacity: 1, VisibilityConfig: visibility, Rules: named(group) },
  });
  const edge = new StackResources([
    ['AWS::WAFv2::WebACL', 'acl|id-1|REGIONAL'],
    ['AWS::WAFv2::RuleGroup', 'group|id-2|REGIONAL'],
  ]);
  return ruleProblems(await readRuleSets(new WAFV2Client({}), edge));
}

const blocks = { Action: { Block: {} } };
const decidesItself = { OverrideAction: { None: {} } };

test.each<[string[], Partial<Rule>[], Partial<Rule>[]]>([
  [[], [blocks, decidesItself], [blocks]],
  [['acl has no rules'], [], [blocks]],
  [['group has no rules'], [blocks], []],
  [['rule of acl does not block'], [decidesItself, { OverrideAction: { Count: {} } }], [blocks]],
  [['rule of group does not block'], [decidesItself], [{ Action: { Count: {} } }]],
  [['rule of group does not block'], [decidesItself], [{ Action: { Allow: {} } }]],
])('rules block: %j', async (problems, acl, group) => {
  await expect(rulesOf(acl, group)).resolves.toEqual(problems);
});
