import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { certificate, clientAuthorities, truststoreFile } from '../../support/client-authorities';
import { edgeTier } from '../../support/edge-tier';
import { TemplateResources } from '../../support/template-resources';

const named = { domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };
const origin = { secretHeader: undefined, protocol: 'https', host: 'origin.pay.example.com' } as const;
const partner = (context: object = {}) =>
  edgeTier({ profile: 'partner', ...named, truststorePath: clientAuthorities(), ...context }, origin);
const stack = partner();
const edge = new TemplateResources(stack);
const [domainId, { Properties: domain }] = edge.only('AWS::ApiGateway::DomainName');
const [apiId, { Properties: api }] = edge.only('AWS::ApiGateway::RestApi');
const integrations = edge
  .properties('AWS::ApiGateway::Method')
  .map(({ Integration }) => Integration as { Uri: string; RequestParameters: Record<string, string> });

test('serves only the custom domain name, with TLS 1.2', () => {
  expect(api['DisableExecuteApiEndpoint']).toBe(true);
  expect(domain).toMatchObject({
    DomainName: 'pay.example.com',
    SecurityPolicy: 'TLS_1_2',
    EndpointConfiguration: { Types: ['REGIONAL'] },
  });
  expect(edge.only('AWS::ApiGateway::BasePathMapping')[1].Properties).toEqual({
    BasePath: 'api',
    DomainName: { Ref: domainId },
    RestApiId: { Ref: apiId },
    Stage: { Ref: edge.only('AWS::ApiGateway::Stage')[0] },
  });
  const { Url, ApiUrl } = (edge.template.toJSON() as { Outputs: Record<string, { Value: unknown }> }).Outputs;
  expect([Url?.Value, ApiUrl?.Value]).toEqual(['https://pay.example.com', 'https://pay.example.com/api/v1']);
});

test('validates the certificate by DNS and has an expiry alarm', () => {
  const [certificateId, { Properties }] = edge.only('AWS::CertificateManager::Certificate');
  expect(Properties).toMatchObject({ DomainName: 'pay.example.com', ValidationMethod: 'DNS' });
  expect(domain['RegionalCertificateArn']).toEqual({ Ref: certificateId });
  const [alarm] = edge
    .properties('AWS::CloudWatch::Alarm')
    .filter(({ AlarmName }) => AlarmName === 'alarm-api-certificate-expiry-test1');
  expect(alarm).toMatchObject({
    MetricName: 'DaysToExpiry',
    Threshold: 30,
    ComparisonOperator: 'LessThanThreshold',
    Period: 86400,
    Dimensions: [{ Name: 'CertificateArn', Value: { Ref: certificateId } }],
  });
});

test('has an alias record of the API Gateway', () => {
  const [, { Properties }] = edge.only('AWS::Route53::RecordSet');
  expect(Properties).toMatchObject({
    Name: 'pay.example.com.',
    Type: 'A',
    AliasTarget: { DNSName: { 'Fn::GetAtt': [domainId, 'RegionalDomainName'] } },
  });
});

describe('the truststore', () => {
  const [publishedId, { Properties: published }] = edge.only('Custom::Truststore');
  const [bucketId, { Properties: bucket }] = edge.only('AWS::S3::Bucket');

  test('is a version of an object in a versioned bucket', () => {
    expect(bucket).toMatchObject({ VersioningConfiguration: { Status: 'Enabled' } });
    const { TruststoreUri, TruststoreVersion } = domain['MutualTlsAuthentication'] as Record<string, unknown>;
    expect(TruststoreVersion).toEqual({ 'Fn::GetAtt': [publishedId, 'VersionId'] });
    expect(TruststoreUri).toEqual({ 'Fn::Join': ['', ['s3://', { Ref: bucketId }, '/truststore.pem']] });
    expect(published).toMatchObject({ Bucket: { Ref: bucketId }, Key: 'truststore.pem' });
  });

  test('gets a new version only if the file changes', () => {
    const sourceOf = (truststorePath: string) =>
      new TemplateResources(partner({ truststorePath })).only('Custom::Truststore')[1].Properties['SourceKey'];
    expect(sourceOf(clientAuthorities())).toEqual(published['SourceKey']);
    expect(sourceOf(truststoreFile(certificate({ commonName: 'Another' })))).not.toEqual(published['SourceKey']);
  });

  test('is published by a function that may only read this file and write that object', () => {
    const statements = edge.statementsOf('role-truststore-test1');
    expect(statements.map(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['s3:GetObject', 's3:PutObject', ['kms:Decrypt', 'kms:GenerateDataKey']]),
    );
    const writing = statements.find(({ Action }) => Action === 's3:PutObject');
    expect(writing?.Resource).toEqual({ 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucketId, 'Arn'] }, '/truststore.pem']] });
    expect(JSON.stringify(statements.map(({ Resource }) => Resource))).not.toContain('*');
  });
});

test('overwrites the certificate headers of clients', () => {
  expect(integrations.length).toBeGreaterThan(10);
  for (const { RequestParameters } of integrations) {
    expect(RequestParameters).toMatchObject({
      'integration.request.header.x-client-subject': 'context.identity.clientCert.subjectDN',
      'integration.request.header.x-client-serial': 'context.identity.clientCert.serialNumber',
    });
  }
});

test('calls the load balancer over HTTPS with the host of its certificate', () => {
  for (const { Uri } of integrations) expect(Uri).toMatch(/^https:\/\/origin\.pay\.example\.com\/(api\/v1\/|health$)/);
});

test('limits each client to 1000 requests a second', () => {
  expect(edge.only('AWS::ApiGateway::UsagePlan')[1].Properties['Throttle']).toEqual({
    RateLimit: 1000,
    BurstLimit: 1000,
  });
  expect(JSON.stringify(edge.properties('AWS::WAFv2::WebACL'))).not.toContain('RateLimitPerKey');
});

test('warns of the zone without VPC links unless zones are passed', () => {
  const warning = Match.stringLikeRegexp('use1-az3.*availabilityZones');
  Annotations.fromStack(stack).hasWarning('*', warning);
  const zones = partner({ availabilityZones: 'us-east-1a,us-east-1b,us-east-1d' });
  Annotations.fromStack(zones).hasNoWarning('*', warning);
  Annotations.fromStack(edgeTier({ profile: 'metered' }, origin)).hasNoWarning('*', warning);
});

describe('with API keys and a domain', () => {
  const metered = new TemplateResources(edgeTier({ profile: 'metered', ...named }, origin));

  test('requests no client certificate and passes none to the API', () => {
    expect(metered.only('AWS::ApiGateway::DomainName')[1].Properties).not.toHaveProperty('MutualTlsAuthentication');
    expect(JSON.stringify(metered.properties('AWS::ApiGateway::Method'))).not.toContain('x-client-');
    expect(metered.entries('Custom::Truststore')).toEqual([]);
  });

  test('uses an existing certificate', () => {
    const certificateArn = 'arn:aws:acm:ap-southeast-1:111122223333:certificate/1234';
    const own = new TemplateResources(edgeTier({ profile: 'metered', ...named, certificateArn }, origin));
    expect(own.entries('AWS::CertificateManager::Certificate')).toEqual([]);
    expect(own.only('AWS::ApiGateway::DomainName')[1].Properties['RegionalCertificateArn']).toBe(certificateArn);
  });
});
