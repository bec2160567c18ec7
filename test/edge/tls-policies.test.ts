import { profileContexts } from '../support/profile-contexts';
import type { TemplateResources } from '../support/template-resources';
import { testPlatform } from '../support/test-platform';

/**
 * Which security policies AWS accepts together with which features.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-web-values-general.html
 */
const named = { domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };
const certificateArn = (region: string) =>
  `arn:aws:acm:${region}:111122223333:certificate/12345678-1234-1234-1234-123456789012`;
const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...profileContexts,
  'flagship with a domain': named,
  'metered with a domain': { profile: 'metered', ...named },
  'metered with a certificate': { profile: 'metered', ...named, certificateArn: certificateArn('ap-southeast-1') },
  'partner with a certificate': { ...profileContexts['partner'], certificateArn: certificateArn('us-east-1') },
};

const isEnhanced = (policy: unknown) => String(policy).startsWith('SecurityPolicy_');
const propertiesOf = (edge: TemplateResources, type: string) => edge.properties(type);

describe.each(Object.entries(cases))('%s', (_name, context) => {
  const { edge } = testPlatform(context).templates;
  const apis = propertiesOf(edge, 'AWS::ApiGateway::RestApi');
  const domains = propertiesOf(edge, 'AWS::ApiGateway::DomainName');
  const mutualTls = domains.filter((domain) => domain['MutualTlsAuthentication'] !== undefined);

  test('combines mutual TLS only with legacy security policies', () => {
    const policies = mutualTls.length > 0 ? [...apis, ...domains].map((each) => each['SecurityPolicy']) : [];
    expect(policies.filter((policy) => policy !== 'TLS_1_2')).toEqual([]);
  });

  test('sets an endpoint access mode only with enhanced policies', () => {
    for (const each of [...apis, ...domains]) {
      expect([each['SecurityPolicy'], each['EndpointAccessMode'] !== undefined]).toEqual([
        each['SecurityPolicy'],
        isEnhanced(each['SecurityPolicy']),
      ]);
    }
  });

  test('sets a security policy for every API and domain, because the default accepts TLS 1.0', () => {
    for (const each of [...apis, ...domains])
      expect(each['SecurityPolicy']).toMatch(/^TLS_1_2$|^SecurityPolicy_TLS13_/);
  });

  test('adds an ownership verification certificate for mutual TLS with a passed certificate', () => {
    for (const domain of mutualTls) {
      const issued = edge.entries('AWS::CertificateManager::Certificate').map(([id]) => ({ Ref: id }));
      const ownership = domain['OwnershipVerificationCertificateArn'];
      expect(ownership).toEqual('certificateArn' in context ? issued[0] : undefined);
      expect(issued).toHaveLength(1);
    }
  });

  test('requires TLS 1.2 of CloudFront with a custom certificate', () => {
    for (const { DistributionConfig } of propertiesOf(edge, 'AWS::CloudFront::Distribution')) {
      const { ViewerCertificate } = DistributionConfig as { ViewerCertificate?: { MinimumProtocolVersion?: string } };
      const hasDomain = 'domainName' in context;
      expect(ViewerCertificate?.MinimumProtocolVersion).toBe(hasDomain ? 'TLSv1.2_2021' : undefined);
    }
  });
});
