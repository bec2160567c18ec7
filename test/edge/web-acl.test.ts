import { injectionRules, sqlKeywords, webAclRules } from '../../lib/edge/web-acl-rules';
import { WebAcl } from '../../lib/edge/web-acl';
import { TemplateResources } from '../support/template-resources';
import { TestStack } from '../support/test-app';

const ordered = webAclRules({ limits: { requestsPerAddressPerFiveMinutes: 300 }, own: injectionRules });
const stack = new TestStack({}, 'us-east-1');
new WebAcl(stack, 'WebAcl', {
  names: stack.names,
  scope: 'CLOUDFRONT',
  purpose: 'edge',
  rules: ordered,
});
const [, { Properties: acl }] = new TemplateResources(stack).only('AWS::WAFv2::WebACL');

interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action?: object;
  readonly OverrideAction?: object;
  readonly Statement: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly VisibilityConfig: object;
}
const rules = acl['Rules'] as Rule[];
const named = (name: string) => rules.find(({ Name }) => Name === name);

test('has no rule with the action Count or Allow', () => {
  expect(JSON.stringify(rules)).not.toMatch(/"Count"|"Allow"|"ExcludedRules"|"RuleActionOverrides"/);
  expect(rules.every(({ Action, OverrideAction }) => Boolean(Action) !== Boolean(OverrideAction))).toBe(true);
});

test('evaluates rules in the order of the table', () => {
  expect(rules.map(({ Name }) => Name)).toEqual(ordered.map(({ name }) => name));
  expect(rules.map(({ Priority }) => Priority)).toEqual(rules.map((_, index) => index));
});

test('limits the rate of each address', () => {
  expect(named('RateLimitPerAddress')?.Statement).toEqual({
    RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 300 },
  });
});

describe('SqlKeywords', () => {
  test('inspects decoded query strings in lower case with compressed white space', () => {
    expect(named('SqlKeywords')?.Statement['RegexMatchStatement']).toMatchObject({
      FieldToMatch: { QueryString: {} },
      RegexString: sqlKeywords,
      TextTransformations: [{ Type: 'URL_DECODE_UNI' }, { Type: 'COMPRESS_WHITE_SPACE' }, { Type: 'LOWERCASE' }],
    });
    // The maximum length of a pattern.
    expect(sqlKeywords.length).toBeLessThanOrEqual(512);
  });

  test.each([
    'status=captured&cursor=x union select 1',
    'reference=1; drop table payments.payments',
    "reference=' or 1=1; delete from payments.entries",
    'currency=eur insert into api_keys values',
    'reference=(select key_hash from payments.api_keys)',
    'limit=1;select pg_sleep(10)',
  ])('matches %j', (query) => {
    expect(query).toMatch(new RegExp(sqlKeywords));
  });

  test.each([
    'status=captured&currency=eur&limit=25',
    'reference=selected-fromage-17&createdfrom=2026-01-01t00:00:00z',
    'reference=credit union no. 5',
    'reference=update of order 17',
    'cursor=mjaynixizwxlzwn0',
  ])('does not match %j', (query) => {
    expect(query).not.toMatch(new RegExp(sqlKeywords));
  });
});

test.each(['SqlInjection', 'CrossSiteScripting'])('%s inspects decoded query strings and JSON bodies', (name) => {
  const { Statements } = named(name)?.Statement['OrStatement'] as {
    Statements: Record<string, Record<string, unknown>>[];
  };
  const fields = Statements.map((statement) => Object.values(statement)[0]);
  expect(fields.map((field) => Object.keys(field?.['FieldToMatch'] as object)[0])).toEqual(['QueryString', 'JsonBody']);
  for (const field of fields) expect(field?.['TextTransformations']).toEqual([{ Priority: 0, Type: 'URL_DECODE_UNI' }]);
});

test('blocks a body above the inspection limit', () => {
  expect(JSON.stringify(named('SqlInjection')?.Statement)).toContain('"OversizeHandling":"MATCH"');
});

test('protects CloudFront and has a metric for every rule', () => {
  expect(acl['Scope']).toBe('CLOUDFRONT');
  for (const { VisibilityConfig, Name } of rules)
    expect(VisibilityConfig).toEqual({
      CloudWatchMetricsEnabled: true,
      MetricName: Name,
      SampledRequestsEnabled: true,
    });
});
