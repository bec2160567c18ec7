import { clientAuthorities } from '../../support/client-authorities';
import { edgeTier } from '../../support/edge-tier';
import { referenceOf, TemplateResources } from '../../support/template-resources';

const partner = {
  profile: 'partner',
  domainName: 'pay.example.com',
  hostedZoneId: 'Z0123456789ABCDEFGHIJ',
  truststorePath: clientAuthorities(),
};
const loadBalancerArn = 'arn:aws:elasticloadbalancing:eu-south-2:111122223333:loadbalancer/app/alb/0123456789abcdef';

interface Rule {
  readonly Name: string;
  readonly Statement: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The rules of the web ACL of each resource: `stage` and `balancer`. */
function rulesBefore(edge: TemplateResources): Record<string, Rule[]> {
  return Object.fromEntries(
    edge.properties('AWS::WAFv2::WebACLAssociation').map(({ ResourceArn, WebACLArn }) => {
      const stage = { Ref: edge.only('AWS::ApiGateway::Stage')[0] };
      const isStage = JSON.stringify(ResourceArn).includes(JSON.stringify(stage));
      if (!isStage) expect(ResourceArn).toBe(loadBalancerArn);
      const acl = edge.all[referenceOf(WebACLArn) ?? ''];
      expect(acl?.Properties['Scope']).toBe('REGIONAL');
      return [isStage ? 'stage' : 'balancer', acl?.Properties['Rules'] as Rule[]];
    }),
  );
}

const [withRules, withGroups] = [{ profile: 'metered' }, partner].map(
  (context) => new TemplateResources(edgeTier(context, { secretHeader: undefined, loadBalancerArn })),
) as [TemplateResources, TemplateResources];
const namesOf = (rules: readonly Rule[] = []) => rules.map(({ Name }) => Name);
const aws = ['CommonRuleSet', 'KnownBadInputsRuleSet', 'SQLiRuleSet'].map((name) => `AWSManagedRules${name}`);

test('has rate limits on the stage, but not on the load balancer behind the VPC link', () => {
  const own = ['SqlKeywords', 'SqlInjection', 'CrossSiteScripting'];
  const { stage, balancer } = rulesBefore(withRules);
  expect(namesOf(balancer)).toEqual([...aws, ...own]);
  expect(namesOf(stage)).toEqual([
    'RateLimitPerAddress',
    'RateLimitPerKey',
    'AWSManagedRulesAmazonIpReputationList',
    ...aws,
    ...own,
  ]);
  expect(stage?.find(({ Name }) => Name === 'RateLimitPerKey')?.Statement).toEqual({
    RateBasedStatement: {
      Limit: 1000,
      AggregateKeyType: 'CUSTOM_KEYS',
      CustomKeys: [{ Header: { Name: 'x-api-key', TextTransformations: [{ Priority: 0, Type: 'NONE' }] } }],
      EvaluationWindowSec: 60,
    },
  });
});

test('references the same custom rule groups in both web ACLs', () => {
  const { stage, balancer } = rulesBefore(withGroups);
  const own = ['sql-injection', 'cross-site-scripting', 'request-hygiene'];
  expect(namesOf(balancer)).toEqual([...aws, ...own]);
  expect(namesOf(stage)).toEqual(['RateLimitPerAddress', 'AWSManagedRulesAmazonIpReputationList', ...aws, ...own]);
  const groupsOf = (rules: readonly Rule[] = []) =>
    rules.flatMap(({ Statement }) => referenceOf(Statement['RuleGroupReferenceStatement']?.['Arn']) ?? []);
  expect(groupsOf(stage)).toEqual(withGroups.entries('AWS::WAFv2::RuleGroup').map(([id]) => id));
  expect(groupsOf(balancer)).toEqual(groupsOf(stage));
});

test('logs decisions of both without keys', () => {
  for (const edge of [withRules, withGroups]) {
    const logging = edge.properties('AWS::WAFv2::LoggingConfiguration');
    expect(logging).toHaveLength(2);
    for (const { RedactedFields } of logging) expect(JSON.stringify(RedactedFields)).toContain('x-api-key');
    const groups = edge.properties('AWS::Logs::LogGroup').map(({ LogGroupName }) => String(LogGroupName));
    expect(groups.filter((name) => name.startsWith('aws-waf-logs-'))).toHaveLength(2);
  }
});
