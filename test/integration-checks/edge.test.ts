import { CloudFrontClient, type Distribution, GetDistributionCommand } from '@aws-sdk/client-cloudfront';
import { GetWebACLForResourceCommand, WAFV2Client, type WebACL } from '@aws-sdk/client-wafv2';
import { mockClient } from 'aws-sdk-client-mock';
import { readBalancer, readDistributions, readStages, webAclProblems } from '../integration/checks/web-acl';
import { StackResources } from '../integration/stack-resources';

const cloudFront = mockClient(CloudFrontClient);
const wafv2 = mockClient(WAFV2Client);

beforeEach(() => {
  cloudFront.reset();
  wafv2.reset();
});

const arn = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/acl-1/id-1';
const protectedBy = (webAclArn: string) => [{ resource: 'the distribution D1', webAclArn }];

test('a distribution is asked for its web ACL', async () => {
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

test('each resource stands behind a web ACL of the platform, and each web ACL before a resource', () => {
  expect(webAclProblems(protectedBy(arn), ['acl-1|id-1|CLOUDFRONT'])).toEqual([]);
  const unprotected = 'no web ACL of the platform stands before the distribution D1';
  const idle = 'the web ACL acl-1 stands before nothing';
  for (const other of ['', arn.replace('acl-1', 'acl-2'), arn.replace('id-1', 'id-2')]) {
    expect(webAclProblems(protectedBy(other), ['acl-1|id-1|CLOUDFRONT'])).toEqual([unprotected, idle]);
  }
  expect(webAclProblems(protectedBy(arn), [])).toEqual([unprotected]);
  expect(webAclProblems([], [])).toEqual(['nothing faces the internet']);
});
