import { fakeCompute, fakeNetwork } from '../support/fake-tiers';
import { referenceOf, TemplateResources } from '../support/template-resources';
import { testApp, testSettings } from '../support/test-app';
import { siteDirectory } from '../support/test-platform';
import { Stack } from 'aws-cdk-lib';
import { EdgeStack } from '../../lib/edge/edge-stack';
import referenceHeaders from '../../frontend/reference-headers.json';
import securityHeaders from '../../frontend/security-headers.json';

function edgeOf(context: Record<string, unknown> = {}): TemplateResources {
  const app = testApp();
  const below = new Stack(app, 'Below', { env: { region: 'eu-south-2' } });
  return new TemplateResources(
    new EdgeStack(app, 'Edge', {
      settings: testSettings(context),
      network: fakeNetwork(below),
      compute: fakeCompute(below),
      siteDirectory,
    }),
  );
}

const plain = edgeOf();
const withDomain = edgeOf({ domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' });

interface Config {
  readonly Origins: readonly Readonly<Record<string, unknown>>[];
  readonly DefaultCacheBehavior: Readonly<Record<string, unknown>>;
  readonly CacheBehaviors: readonly Readonly<Record<string, unknown>>[];
  readonly Aliases?: readonly string[];
  readonly ViewerCertificate?: Readonly<Record<string, unknown>>;
}
const configOf = (template: TemplateResources) =>
  (template.only('AWS::CloudFront::Distribution')[1].Properties as { DistributionConfig: Config }).DistributionConfig;
const behavior = (pattern: string) => configOf(plain).CacheBehaviors.find(({ PathPattern }) => PathPattern === pattern);

describe('the distribution', () => {
  test('forwards API requests uncached to the load balancer with the secret header', () => {
    const api = behavior('/api/*');
    // AWS's own policies CachingDisabled and AllViewer.
    expect(api).toMatchObject({
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: '216adef6-5c7f-47e4-b989-5492eafa07d3',
    });
    expect(api).not.toHaveProperty('FunctionAssociations');
    const origin = configOf(plain).Origins.find(({ Id }) => Id === api?.['TargetOriginId']);
    const [header] = origin?.['OriginCustomHeaders'] as { HeaderName: string; HeaderValue: unknown }[];
    expect(header?.HeaderName).toBe('x-origin-verify');
    expect(plain.all[referenceOf(header?.HeaderValue) ?? '']?.Type).toBe('Custom::OriginSecretValue');
  });

  test('passes 404 responses of the API through without an error page', () => {
    expect(configOf(plain)).not.toHaveProperty('CustomErrorResponses');
  });

  test('has no cookies, headers or query strings in the cache key of assets', () => {
    const policy = plain.all[referenceOf(behavior('/assets/*')?.['CachePolicyId']) ?? ''];
    expect(policy?.Properties['CachePolicyConfig']).toMatchObject({
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'none' },
        QueryStringsConfig: { QueryStringBehavior: 'none' },
      },
    });
  });

  test('sets the security headers of the local platform on every response', () => {
    const { DefaultCacheBehavior, CacheBehaviors } = configOf(plain);
    const policyId = referenceOf(DefaultCacheBehavior['ResponseHeadersPolicyId']) ?? '';
    for (const each of CacheBehaviors.filter(({ PathPattern }) => PathPattern !== '/api/docs'))
      expect(referenceOf(each['ResponseHeadersPolicyId'])).toBe(policyId);
    const Properties = plain.all[policyId]?.Properties ?? {};
    const { SecurityHeadersConfig: fields, CustomHeadersConfig: custom } = Properties[
      'ResponseHeadersPolicyConfig'
    ] as {
      SecurityHeadersConfig: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
      CustomHeadersConfig: { Items: { Header: string; Value: string; Override: boolean }[] };
    };
    const transport = fields['StrictTransportSecurity'];
    const sent = {
      'Content-Security-Policy': fields['ContentSecurityPolicy']?.['ContentSecurityPolicy'],
      'Strict-Transport-Security': `max-age=${String(transport?.['AccessControlMaxAgeSec'])}; includeSubDomains; preload`,
      'X-Content-Type-Options': fields['ContentTypeOptions'] && 'nosniff',
      'X-Frame-Options': fields['FrameOptions']?.['FrameOption'],
      'Referrer-Policy': fields['ReferrerPolicy']?.['ReferrerPolicy'],
      ...Object.fromEntries(custom.Items.map(({ Header, Value }) => [Header, Value])),
    };
    expect(sent).toEqual(securityHeaders);
    expect(transport).toMatchObject({ IncludeSubdomains: true, Preload: true });
    for (const { Override } of [...custom.Items, ...Object.values(fields)]) expect(Override).toBe(true);
  });

  test('serves the reference of the API from the bucket, with its own content security policy, before the API', () => {
    const { DefaultCacheBehavior, CacheBehaviors } = configOf(plain);
    expect(CacheBehaviors.map(({ PathPattern }) => PathPattern)).toEqual(['/assets/*', '/api/docs', '/api/*']);
    const reference = behavior('/api/docs');
    for (const shared of ['TargetOriginId', 'FunctionAssociations', 'CachePolicyId', 'ViewerProtocolPolicy'])
      expect(reference?.[shared]).toEqual(DefaultCacheBehavior[shared]);
    const policy = plain.all[referenceOf(reference?.['ResponseHeadersPolicyId']) ?? '']?.Properties;
    expect(policy).toMatchObject({
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: referenceHeaders['Content-Security-Policy'] },
          FrameOptions: { FrameOption: 'DENY' },
        },
      },
    });
  });
});

describe('with a domain', () => {
  test('requires TLS 1.2 with a certificate for the domain', () => {
    const [certificateId, certificate] = withDomain.only('AWS::CertificateManager::Certificate');
    expect(certificate.Properties).toMatchObject({ DomainName: 'pay.example.com', ValidationMethod: 'DNS' });
    expect(configOf(withDomain)).toMatchObject({
      Aliases: ['pay.example.com'],
      ViewerCertificate: {
        AcmCertificateArn: { Ref: certificateId },
        MinimumProtocolVersion: 'TLSv1.2_2021',
        SslSupportMethod: 'sni-only',
      },
    });
  });

  test('has alias records for IPv4 and IPv6', () => {
    const records = withDomain.properties('AWS::Route53::RecordSet');
    expect(records.map(({ Name, Type }) => [Name, Type])).toEqual([
      ['pay.example.com.', 'A'],
      ['pay.example.com.', 'AAAA'],
    ]);
  });
});

describe('logs', () => {
  test('are delivered to an encrypted log group', () => {
    const [sourceId] = plain.only('AWS::Logs::DeliverySource');
    const [destinationId, destination] = plain.only('AWS::Logs::DeliveryDestination');
    const [, delivery] = plain.only('AWS::Logs::Delivery');
    expect(delivery.DependsOn).toContain(sourceId);
    expect(referenceOf(delivery.Properties['DeliveryDestinationArn'])).toBe(destinationId);
    expect(JSON.stringify(destination.Properties['DestinationResourceArn'])).toMatch(/AccessLogsLogGroup/);
  });

  test('of the web ACL contain no credentials', () => {
    const [, { Properties }] = plain.only('AWS::WAFv2::LoggingConfiguration');
    expect(Properties['RedactedFields']).toEqual(
      ['authorization', 'cookie', 'x-api-key', 'x-origin-verify', 'x-proxy-mark'].map((Name) => ({
        SingleHeader: { Name },
      })),
    );
    const names = plain.properties('AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName);
    expect(names).toContain('aws-waf-logs-edge-web-acl-test1');
  });
});

test('lets only this distribution read the bucket of the console', () => {
  const [, { Properties }] = plain.only('AWS::S3::BucketPolicy');
  const { Statement } = Properties['PolicyDocument'] as {
    Statement: { Effect: string; Action: unknown; Principal: unknown; Condition: unknown }[];
  };
  const readers = Statement.filter(
    ({ Effect, Action }) => Effect === 'Allow' && JSON.stringify(Action).includes('GetObject"'),
  );
  expect(readers).toEqual([
    expect.objectContaining({
      Action: 's3:GetObject',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Condition: { StringEquals: { 'AWS:SourceArn': expect.objectContaining({}) as unknown } },
    }),
  ]);
});
