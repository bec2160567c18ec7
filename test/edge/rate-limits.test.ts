import { profileContexts } from '../support/profile-contexts';
import { overrides } from '../support/profile-overrides';
import { referenceOf, type TemplateResources } from '../support/template-resources';
import { testPlatform } from '../support/test-platform';

const named = { domainName: 'pay.example.com', hostedZoneId: 'Z0123456789ABCDEFGHIJ' };
const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...profileContexts,
  'flagship with a domain': named,
  'metered with a domain': { profile: 'metered', ...named },
  'compact with a console': {
    ...profileContexts['compact'],
    ...named,
    ...overrides({ region: 'us-east-1', domain: { zone: 'existing' }, site: { assetMaxAgeDays: 30 } }),
  },
};

interface RateLimit {
  readonly AggregateKeyType: string;
  readonly Limit: number;
  readonly ScopeDownStatement?: {
    readonly NotStatement: { readonly Statement: { readonly ByteMatchStatement: Readonly<Record<string, unknown>> } };
  };
}

/** The rate-based rules of a web ACL that aggregate by IP address. */
function rulesByAddress(edge: TemplateResources, aclId: string | undefined): RateLimit[] {
  const rules = (edge.all[aclId ?? '']?.Properties['Rules'] ?? []) as {
    Statement: { RateBasedStatement?: RateLimit };
  }[];
  return rules
    .flatMap(({ Statement: { RateBasedStatement: limit } }) => limit ?? [])
    .filter(({ AggregateKeyType }) => AggregateKeyType !== 'CUSTOM_KEYS');
}

/** The headers that CloudFront adds to requests for the load balancer: name and value of each. */
function originHeaders(edge: TemplateResources): Record<string, unknown>[] {
  return edge.properties('AWS::CloudFront::Distribution').flatMap(({ DistributionConfig }) => {
    const { Origins } = DistributionConfig as {
      Origins: { CustomOriginConfig?: object; OriginCustomHeaders?: Record<string, unknown>[] }[];
    };
    return Origins.filter(({ CustomOriginConfig }) => CustomOriginConfig).map(
      ({ OriginCustomHeaders: [header] = [] }) => header ?? {},
    );
  });
}

describe.each(Object.entries(cases))('%s', (_name, context) => {
  const { edge } = testPlatform(context).templates;
  const balancerAcls = edge
    .properties('AWS::WAFv2::WebACLAssociation')
    .filter(({ ResourceArn }) => !JSON.stringify(ResourceArn).includes('/restapis/'))
    .map(({ WebACLArn }) => referenceOf(WebACLArn));
  const isBehindApiGateway = edge.entries('AWS::ApiGatewayV2::VpcLink').length > 0;

  test('has no limit per address on a load balancer behind an API Gateway', () => {
    const counted = balancerAcls.flatMap((acl) => rulesByAddress(edge, acl));
    if (isBehindApiGateway) expect(counted).toEqual([]);
  });

  test('excludes CloudFront from the limit of a public load balancer', () => {
    const counted = balancerAcls.flatMap((acl) => rulesByAddress(edge, acl));
    for (const { HeaderName, HeaderValue } of originHeaders(edge)) {
      expect(counted.map(({ ScopeDownStatement: scope }) => scope?.NotStatement.Statement.ByteMatchStatement)).toEqual(
        counted.map(() => ({
          FieldToMatch: { SingleHeader: { Name: HeaderName } },
          PositionalConstraint: 'EXACTLY',
          SearchString: HeaderValue,
          TextTransformations: [{ Priority: 0, Type: 'NONE' }],
        })),
      );
      expect(JSON.stringify(HeaderValue)).toMatch(/resolve:secretsmanager|GetAtt/);
    }
  });

  test('limits each client once and allows a merchant server 66 requests a second', () => {
    const limits = edge.entries('AWS::WAFv2::WebACL').flatMap(([id]) => rulesByAddress(edge, id));
    expect(limits.length).toBeGreaterThan(0);
    for (const { Limit } of limits) expect(Limit).toBeGreaterThanOrEqual(20_000);
  });
});
