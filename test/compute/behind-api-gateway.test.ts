import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { exposedOperations, stageName } from '../../lib/edge/rest-api/exposed-operations';
import { computeTier, ownDomain } from '../support/compute-tier';
import { TemplateResources } from '../support/template-resources';

/** What an API Gateway exposes by default. */
const merchantsOnly = { administration: false, acquirerEvents: false };

const bare = computeTier({ profile: 'metered' });
const [plain, named] = [bare, computeTier({ profile: 'metered', ...ownDomain })].map(
  (stack) => new TemplateResources(stack),
) as [TemplateResources, TemplateResources];
const [, { Properties: rule }] = plain.only('AWS::ElasticLoadBalancingV2::ListenerRule');

test('puts an internal load balancer into the public subnets', () => {
  expect(plain.only('AWS::ElasticLoadBalancingV2::LoadBalancer')[1].Properties).toMatchObject({
    Scheme: 'internal',
    Subnets: ['subnet-a1000000000000000', 'subnet-a2000000000000000', 'subnet-a3000000000000000'],
  });
  const { LoadBalancerAdmitsEverybody } = (plain.template.toJSON() as { Outputs: Record<string, { Value: unknown }> })
    .Outputs;
  expect(LoadBalancerAdmitsEverybody?.Value).toBe('false');
});

test('creates no public DNS record for it', () => {
  expect(named.entries('AWS::Route53::RecordSet')).toEqual([]);
});

test("has a certificate for the host of API Gateway's requests if there is a domain", () => {
  expect(named.only('AWS::CertificateManager::Certificate')[1].Properties).toMatchObject({
    DomainName: 'pay.example.com',
    SubjectAlternativeNames: ['origin.pay.example.com'],
  });
  expect(named.only('AWS::ElasticLoadBalancingV2::Listener')[1].Properties).toMatchObject({
    Port: 443,
    Protocol: 'HTTPS',
  });
});

test('warns of the unencrypted connection without a domain', () => {
  Annotations.fromStack(bare).hasWarning(
    '*',
    Match.stringLikeRegexp('the connection from API Gateway to the load balancer'),
  );
});

test('returns 403 for other paths and requires no secret header', () => {
  expect(rule['Conditions']).toEqual([{ Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*', '/health'] } }]);
  expect(JSON.stringify(plain.only('AWS::ElasticLoadBalancingV2::Listener')[1].Properties)).toContain('"403"');
});

describe('rewrites paths with and without the stage name to those of the API', () => {
  const [{ Type, UrlRewriteConfig }] = rule['Transforms'] as [
    { Type: string; UrlRewriteConfig: { Rewrites: [{ Regex: string; Replace: string }] } },
  ];
  const [{ Regex, Replace }] = UrlRewriteConfig.Rewrites;
  const rewritten = (address: string) => address.replace(new RegExp(Regex), Replace);
  const admitted = (address: string) => address.startsWith('/api/') || address === '/health';

  test.each(exposedOperations(merchantsOnly).map(({ method, path }) => [method, path]))('%s %s', (_, path) => {
    expect(Type).toBe('url-rewrite');
    for (const address of [path, `/${stageName}${path}`]) {
      expect(admitted(address)).toBe(true);
      expect(rewritten(address)).toBe(path);
    }
  });

  test('keeps the query string', () => {
    expect(rewritten('/api/api/v1/payments?reference=/api/api/')).toBe('/api/v1/payments?reference=/api/api/');
    expect(rewritten('/api/v1/payments?reference=/api/api/v1')).toBe('/api/v1/payments?reference=/api/api/v1');
  });
});
