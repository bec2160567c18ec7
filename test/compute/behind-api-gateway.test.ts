import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { exposedOperations, stageName } from '../../lib/edge/rest-api/exposed-operations';
import { computeTier, ownDomain } from '../support/compute-tier';
import { TemplateResources } from '../support/template-resources';

const bare = computeTier({ profile: 'metered' });
const [plain, named] = [bare, computeTier({ profile: 'metered', ...ownDomain })].map(
  (stack) => new TemplateResources(stack),
) as [TemplateResources, TemplateResources];
const [, { Properties: rule }] = plain.only('AWS::ElasticLoadBalancingV2::ListenerRule');

test('the load balancer stands in the public subnets, without an address of the internet', () => {
  expect(plain.only('AWS::ElasticLoadBalancingV2::LoadBalancer')[1].Properties).toMatchObject({
    Scheme: 'internal',
    Subnets: ['subnet-a1000000000000000', 'subnet-a2000000000000000', 'subnet-a3000000000000000'],
  });
  const { LoadBalancerAdmitsEverybody } = (plain.template.toJSON() as { Outputs: Record<string, { Value: unknown }> })
    .Outputs;
  expect(LoadBalancerAdmitsEverybody?.Value).toBe('false');
});

test('no record of the internet names it', () => {
  expect(named.entries('AWS::Route53::RecordSet')).toEqual([]);
});

test('with a domain it has a certificate for the name that API Gateway asks for', () => {
  expect(named.only('AWS::CertificateManager::Certificate')[1].Properties).toMatchObject({
    DomainName: 'pay.example.com',
    SubjectAlternativeNames: ['origin.pay.example.com'],
  });
  expect(named.only('AWS::ElasticLoadBalancingV2::Listener')[1].Properties).toMatchObject({
    Port: 443,
    Protocol: 'HTTPS',
  });
});

test('without one, synthesis warns that the hop is plain', () => {
  Annotations.fromStack(bare).hasWarning('*', Match.stringLikeRegexp('the hop from API Gateway to the load balancer'));
});

test('everybody else is answered 403, and no secret header is asked for', () => {
  expect(rule['Conditions']).toEqual([{ Field: 'path-pattern', PathPatternConfig: { Values: ['/api/*', '/health'] } }]);
  expect(JSON.stringify(plain.only('AWS::ElasticLoadBalancingV2::Listener')[1].Properties)).toContain('"403"');
});

describe('the API gets its own addresses, whether or not API Gateway puts the stage before them', () => {
  const [{ Type, UrlRewriteConfig }] = rule['Transforms'] as [
    { Type: string; UrlRewriteConfig: { Rewrites: [{ Regex: string; Replace: string }] } },
  ];
  const [{ Regex, Replace }] = UrlRewriteConfig.Rewrites;
  const rewritten = (address: string) => address.replace(new RegExp(Regex), Replace);
  const admitted = (address: string) => address.startsWith('/api/') || address === '/health';

  test.each(exposedOperations().map(({ method, path }) => [method, path]))('%s %s', (_, path) => {
    expect(Type).toBe('url-rewrite');
    for (const address of [path, `/${stageName}${path}`]) {
      expect(admitted(address)).toBe(true);
      expect(rewritten(address)).toBe(path);
    }
  });

  test('with what follows a question mark', () => {
    expect(rewritten('/api/api/v1/payments?reference=/api/api/')).toBe('/api/v1/payments?reference=/api/api/');
    expect(rewritten('/api/v1/payments?reference=/api/api/v1')).toBe('/api/v1/payments?reference=/api/api/v1');
  });
});
