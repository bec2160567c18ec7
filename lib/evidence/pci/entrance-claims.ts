import type { Assembly, AssemblyResource } from '../assembly';
import { listAt, property, shown, valueAt } from '../property-access';
import { textOf } from '../values';
import { type Claim, forEach, type Observation } from './claim';

/** Whether a load balancer's security groups admit the whole internet. */
function isOpenToInternet(balancer: AssemblyResource, assembly: Assembly): boolean {
  const groups = listAt(balancer.properties, 'SecurityGroups').map((group) => assembly.target(group));
  return (
    property(balancer, 'Scheme') === 'internet-facing' &&
    groups.some((group) =>
      JSON.stringify([
        group?.properties,
        group && assembly.referrersOf(group.key, 'AWS::EC2::SecurityGroupIngress').map(({ properties }) => properties),
      ]).includes('0.0.0.0/0'),
    )
  );
}

/** What the internet reaches first: distributions, stages of API Gateways, and load balancers whose group admits everyone. */
function entrances(assembly: Assembly): readonly AssemblyResource[] {
  return [
    ...assembly.ofType('AWS::CloudFront::Distribution', 'AWS::ApiGateway::Stage'),
    ...assembly
      .ofType('AWS::ElasticLoadBalancingV2::LoadBalancer')
      .filter((balancer) => isOpenToInternet(balancer, assembly)),
  ];
}

/** The web ACL in front of a distribution, a stage or a load balancer. */
export function webAclOf(entrance: AssemblyResource, assembly: Assembly): AssemblyResource | undefined {
  if (entrance.type === 'AWS::CloudFront::Distribution')
    return assembly.target(property(entrance, 'DistributionConfig.WebACLId'));
  const [association] = assembly.referrersOf(entrance.key, 'AWS::WAFv2::WebACLAssociation');
  return association && assembly.target(property(association, 'WebACLArn'));
}

function examineEntrances(judge: (webAcl: AssemblyResource) => Omit<Observation, 'resource'>): Claim['examine'] {
  return (assembly) =>
    entrances(assembly).map((entrance) => {
      const webAcl = webAclOf(entrance, assembly);
      const judgement = webAcl ? judge(webAcl) : { holds: false, detail: 'no web ACL' };
      return { resource: entrance.key, ...judgement };
    });
}

/** Claims about what the internet reaches. */
export const entranceClaims: readonly Claim[] = [
  {
    id: 'entrances-have-web-acls',
    requirements: ['1.2.6', '6.4.1', '6.4.2'],
    statement: 'A web ACL is in front of each address that the internet reaches.',
    subject: 'entrances from the internet',
    operator: 'Review blocked requests and adapt the rules.',
    examine: examineEntrances(({ key }) => ({ holds: true, detail: `web ACL ${key}` })),
  },
  {
    id: 'web-acls-block',
    requirements: ['6.4.2'],
    statement: 'Each of these web ACLs blocks known attacks and addresses that send too many requests.',
    subject: 'entrances from the internet',
    examine: examineEntrances((webAcl) => {
      const rules = listAt(webAcl.properties, 'Rules');
      const blocksRate = rules.some(
        (rule) =>
          valueAt(rule, 'Statement.RateBasedStatement') !== undefined && valueAt(rule, 'Action.Block') !== undefined,
      );
      const groups = rules.filter((rule) =>
        ['ManagedRuleGroupStatement', 'RuleGroupReferenceStatement'].some(
          (name) => valueAt(rule, `Statement.${name}`) !== undefined,
        ),
      );
      const counting = groups.filter((rule) => valueAt(rule, 'OverrideAction.Count') !== undefined);
      return {
        holds: blocksRate && groups.length > 0 && counting.length === 0,
        detail: `${groups.length} rule groups, ${counting.length} of them only counting, rate limit: ${blocksRate ? 'blocks' : 'none that blocks'}`,
      };
    }),
  },
  {
    id: 'page-scripts-limited',
    requirements: ['6.4.3'],
    statement: 'The console’s responses carry a content security policy that allows scripts of the site itself only.',
    subject: 'behaviors of distributions',
    operator: 'Review the list of scripts at each release.',
    examine: forEach(['AWS::CloudFront::Distribution'], (distribution, assembly) => {
      const config = property(distribution, 'DistributionConfig');
      const policies = [valueAt(config, 'DefaultCacheBehavior'), ...listAt(config, 'CacheBehaviors')].map(
        (behavior) => {
          const headers = assembly.target(valueAt(behavior, 'ResponseHeadersPolicyId'));
          const path = 'ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy.ContentSecurityPolicy';
          return textOf((headers && property(headers, path)) ?? '');
        },
      );
      const isStrict = (policy: string) => /script-src 'self'(;|$)/.test(policy) && !policy.includes('unsafe');
      return {
        holds: policies.every(isStrict),
        detail: `${policies.filter(isStrict).length} of ${policies.length} behaviors with script-src 'self'`,
      };
    }),
  },
  {
    id: 'gateway-clients-identified',
    requirements: ['8.2.1', '8.3.1'],
    statement:
      'Each operation of an API Gateway, except health checks and documentation, needs an API key or an authorizer.',
    subject: 'operations of API Gateways',
    operator: 'Issue API keys to known clients only.',
    examine: forEach(['AWS::ApiGateway::Method'], (method) => {
      if (/\/(health|openapi\.json)$/.test(textOf(property(method, 'Integration.Uri') ?? ''))) return undefined;
      const needsKey = property(method, 'ApiKeyRequired') === true;
      const authorizes = textOf(property(method, 'AuthorizationType') ?? 'NONE') !== 'NONE';
      return {
        holds: needsKey || authorizes,
        detail: `${shown(method, 'ApiKeyRequired')}, ${shown(method, 'AuthorizationType')}`,
      };
    }),
  },
  {
    id: 'certificates-not-bypassed',
    requirements: ['8.3.1'],
    statement: 'An API Gateway that asks for client certificates has no other address.',
    subject: 'API Gateways with mutual TLS',
    operator: 'Keep the list of certificate authorities current.',
    examine: forEach(['AWS::ApiGateway::RestApi'], (api, assembly) => {
      const domains = assembly
        .referrersOf(api.key, 'AWS::ApiGateway::BasePathMapping')
        .map((mapping) => assembly.target(property(mapping, 'DomainName')));
      const path = 'MutualTlsAuthentication.TruststoreUri';
      const isMutual = domains.some((domain) => domain && property(domain, path) !== undefined);
      if (!isMutual) return undefined;
      const isEvery = domains.every((domain) => domain && property(domain, path) !== undefined);
      return {
        holds: isEvery && property(api, 'DisableExecuteApiEndpoint') === true,
        detail: shown(api, 'DisableExecuteApiEndpoint'),
      };
    }),
  },
];
