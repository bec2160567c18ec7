import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { computeTier, ownDomain } from '../support/compute-tier';
import { referenceOf, TemplateResources } from '../support/template-resources';

const bare = computeTier();
const withDomain = computeTier(ownDomain);
const resources = new TemplateResources(withDomain);
const [, rule] = resources.only('AWS::ElasticLoadBalancingV2::ListenerRule');
const [bucketId, { Properties: bucket }] = resources.only('AWS::S3::Bucket');
const [loadBalancerId, loadBalancer] = resources.only('AWS::ElasticLoadBalancingV2::LoadBalancer');

test('is internet-facing, in the public subnets, with its own security group', () => {
  expect(loadBalancer.Properties).toMatchObject({
    Name: 'alb-test1',
    Scheme: 'internet-facing',
    SecurityGroups: ['sg-0123456789abcdef1'],
    Subnets: ['subnet-a1000000000000000', 'subnet-a2000000000000000', 'subnet-a3000000000000000'],
  });
});

test('drops invalid headers, rejects ambiguous requests, writes access logs and can be deleted', () => {
  expect(loadBalancer.Properties['LoadBalancerAttributes']).toEqual([
    { Key: 'deletion_protection.enabled', Value: 'false' },
    { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
    { Key: 'routing.http.desync_mitigation_mode', Value: 'strictest' },
    { Key: 'access_logs.s3.enabled', Value: 'true' },
    { Key: 'access_logs.s3.bucket', Value: { Ref: bucketId } },
    { Key: 'access_logs.s3.prefix', Value: '' },
  ]);
});

test('returns 403 without the secret header', () => {
  const [, { Properties }] = resources.only('AWS::ElasticLoadBalancingV2::Listener');
  expect(Properties['DefaultActions']).toEqual([
    {
      Type: 'fixed-response',
      FixedResponseConfig: { StatusCode: '403', ContentType: 'text/plain', MessageBody: 'Forbidden' },
    },
  ]);
});

test('forwards only requests with the secret header, whose value is in no template', () => {
  const [secretId] =
    resources
      .entries('AWS::SecretsManager::Secret')
      .find(([, { Properties }]) => Properties['Name'] === 'origin-secret-test1') ?? [];
  expect(rule.Properties['Conditions']).toEqual([
    {
      Field: 'http-header',
      HttpHeaderConfig: {
        HttpHeaderName: 'x-origin-verify',
        Values: [{ 'Fn::Join': ['', ['{{resolve:secretsmanager:', { Ref: secretId }, ':SecretString:::}}']] }],
      },
    },
  ]);
  expect(rule.Properties['Actions']).toEqual([{ Type: 'forward', TargetGroupArn: { Ref: targetGroup('blue') } }]);
});

test('deletes the rule before both target groups', () => {
  expect(rule.DependsOn).toEqual(expect.arrayContaining([targetGroup('blue'), targetGroup('green')]));
});

function targetGroup(colour: 'blue' | 'green'): string | undefined {
  const groups = resources.entries('AWS::ElasticLoadBalancingV2::TargetGroup');
  return groups.find(([, { Properties }]) => Properties['Name'] === `${colour}-target-group-test1`)?.[0];
}

test('checks blue and green every 30 seconds over HTTPS, with two failures to unhealthy', () => {
  const groups = resources.properties('AWS::ElasticLoadBalancingV2::TargetGroup');
  expect(groups).toHaveLength(2);
  for (const group of groups) {
    expect(group).toMatchObject({
      Protocol: 'HTTPS',
      Port: 3000,
      TargetType: 'ip',
      HealthCheckPath: '/health',
      HealthCheckProtocol: 'HTTPS',
      HealthCheckIntervalSeconds: 30,
      HealthCheckTimeoutSeconds: 5,
      UnhealthyThresholdCount: 2,
      HealthyThresholdCount: 2,
      Matcher: { HttpCode: '200' },
    });
  }
});

test('listens on HTTPS with TLS 1.2 if there is a domain', () => {
  const [, { Properties }] = resources.only('AWS::ElasticLoadBalancingV2::Listener');
  const [certificate, { Properties: names }] = resources.only('AWS::CertificateManager::Certificate');
  expect(Properties).toMatchObject({
    Port: 443,
    Protocol: 'HTTPS',
    Certificates: [{ CertificateArn: { Ref: certificate } }],
    SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
  });
  expect(names).toMatchObject({ DomainName: 'pay.example.com', SubjectAlternativeNames: ['origin.pay.example.com'] });
  expect(withDomain.origin).toMatchObject({ host: 'origin.pay.example.com', protocol: 'https' });
  const [, { Properties: record }] = resources.only('AWS::Route53::RecordSet');
  expect(record).toMatchObject({ Name: 'origin.pay.example.com.', Type: 'A', HostedZoneId: 'Z0123456789ABC' });
  expect(JSON.stringify(record['AliasTarget'])).toContain(`"Fn::GetAtt":["${loadBalancerId}","DNSName"]`);
});

test('uses a passed certificate instead of a new one', () => {
  const certificateArn = 'arn:aws:acm:eu-south-2:111122223333:certificate/0123';
  const { template } = new TemplateResources(computeTier({ ...ownDomain, certificateArn }));
  template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
    Certificates: [{ CertificateArn: certificateArn }],
  });
});

test('listens on HTTP without a domain, with a warning', () => {
  Annotations.fromStack(bare).hasWarning(
    '/Compute/LoadBalancer',
    Match.stringLikeRegexp('the connection .* uses HTTP'),
  );
  expect(bare.origin).toMatchObject({ protocol: 'http' });
});

test('encrypts access logs, lets only load balancing write them, and expires them after 90 days', () => {
  expect(bucket).toMatchObject({
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    LifecycleConfiguration: { Rules: [{ Id: 'expire', Status: 'Enabled', ExpirationInDays: 90 }] },
  });
  const [, { Properties }] = resources.only('AWS::S3::BucketPolicy');
  expect(referenceOf(Properties['Bucket'])).toBe(bucketId);
  const { Statement } = Properties['PolicyDocument'] as { Statement: { Action: unknown; Principal: unknown }[] };
  const writers = Statement.filter(({ Action }) => Action === 's3:PutObject').map(({ Principal }) => Principal);
  expect(writers).toEqual([
    { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
    { Service: 'delivery.logs.amazonaws.com' },
  ]);
});

test('deletes the load balancer before emptying its log bucket', () => {
  const [emptying] = resources.only('Custom::S3AutoDeleteObjects');
  expect(loadBalancer.DependsOn).toContain(emptying);
});
