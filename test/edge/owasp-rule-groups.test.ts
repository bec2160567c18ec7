import { OwaspRuleGroups } from '../../lib/edge/owasp-rule-groups';
import { TemplateResources } from '../support/template-resources';
import { TestStack } from '../support/test-app';

interface Statement {
  readonly [kind: string]: Readonly<Record<string, unknown>>;
}
interface Rule {
  readonly Name: string;
  readonly Priority: number;
  readonly Action: object;
  readonly Statement: Statement;
}

const stack = new TestStack();
const { rules: references } = new OwaspRuleGroups(stack, 'Groups', { names: stack.names, scope: 'REGIONAL' });
const groups = new TemplateResources(stack).properties('AWS::WAFv2::RuleGroup');
const rulesOf = (group: Readonly<Record<string, unknown>>) => group['Rules'] as Rule[];
const rules = groups.flatMap(rulesOf);
const named = (name: string) => rules.find(({ Name }) => Name === name)?.Statement;

/** Web ACL capacity units (WCU) according to AWS. */
const baseUnits: Readonly<Record<string, number>> = {
  SqliMatchStatement: 20,
  XssMatchStatement: 40,
  RegexMatchStatement: 3,
  SizeConstraintStatement: 1,
  ByteMatchStatement: 2,
};

/** @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html */
function unitsOf(statement: Statement): number {
  const [kind = '', content = {}] = Object.entries(statement)[0] ?? [];
  if (kind === 'OrStatement')
    return (content['Statements'] as Statement[]).reduce((sum, each) => sum + unitsOf(each), 0);
  if (kind === 'NotStatement') return unitsOf(content['Statement'] as Statement);
  const base = baseUnits[kind];
  if (base === undefined) throw new Error(`The price of ${kind} is not known; look it up.`);
  const twice = 'JsonBody' in (content['FieldToMatch'] as object) ? 2 : 1;
  const decoded = (content['TextTransformations'] as { Type: string }[]).filter(({ Type }) => Type !== 'NONE').length;
  return base * twice + 10 * decoded;
}

/** Every leaf of a statement. */
function leavesOf(statement: Statement | undefined): [kind: string, content: Readonly<Record<string, unknown>>][] {
  return Object.entries(statement ?? {}).flatMap(([kind, content]) =>
    kind === 'OrStatement'
      ? (content['Statements'] as Statement[]).flatMap(leavesOf)
      : kind === 'NotStatement'
        ? leavesOf(content['Statement'] as Statement)
        : [[kind, content] as const],
  );
}

test('creates three regional groups with the suffix in their names', () => {
  expect(groups.map(({ Name, Scope }) => [Name, Scope])).toEqual([
    ['sql-injection-rule-group-test1', 'REGIONAL'],
    ['cross-site-scripting-rule-group-test1', 'REGIONAL'],
    ['request-hygiene-rule-group-test1', 'REGIONAL'],
  ]);
});

test('has enough capacity for its rules in each group', () => {
  for (const group of groups) {
    const units = rulesOf(group).reduce((sum, { Statement }) => sum + unitsOf(Statement), 0);
    expect(units).toBeGreaterThan(50);
    expect(group['Capacity']).toBeGreaterThanOrEqual(units);
  }
  // With AWS's own groups (1125) a web ACL stays below what AWS allows one.
  expect(groups.reduce((sum, { Capacity }) => sum + Number(Capacity), 0)).toBeLessThanOrEqual(5000 - 1200);
});

test('blocks with every rule, in the order of the table', () => {
  for (const group of groups) {
    expect(rulesOf(group).map(({ Priority }) => Priority)).toEqual(rulesOf(group).map((_, index) => index));
    for (const { Action } of rulesOf(group)) expect(Action).toEqual({ Block: {} });
  }
  for (const { isGroup, statement } of references) {
    expect(isGroup).toBe(true);
    expect(Object.keys(statement)).toEqual(['ruleGroupReferenceStatement']);
  }
});

test.each([
  ['SqlInjection', 'SqliMatchStatement'],
  ['CrossSiteScripting', 'XssMatchStatement'],
  ['PathTraversal', 'RegexMatchStatement'],
])('%s inspects the decoded path, query string and body', (name, kind) => {
  const leaves = leavesOf(named(name));
  expect(leaves.map(([each, { FieldToMatch }]) => [each, Object.keys(FieldToMatch as object)[0]])).toEqual([
    [kind, 'UriPath'],
    [kind, 'QueryString'],
    [kind, 'JsonBody'],
  ]);
  for (const [, { TextTransformations }] of leaves)
    expect(TextTransformations).toEqual([{ Priority: 0, Type: 'URL_DECODE_UNI' }]);
});

const regexOf = (name: string) => new RegExp(String(leavesOf(named(name))[0]?.[1]['RegexString']));

test.each([
  [
    'PathTraversal',
    ['/api/v1/../../etc/passwd', String.raw`file=..\..\boot.ini`],
    ['/api/v1/payments', '12..13', 'a.b/c'],
  ],
  ['VulnerableComponents', ['${jndi:ldap://x}', 'q=${env:SECRET}'], ['${amount}', 'jndi:', '$ {jndi']],
  ['ServerSideRequestForgery', ['http://169.254.169.254/latest', '169.254.170.2/v2'], ['169.254.1.1', '1692541692540']],
])('%s matches attacks and no valid requests', (name, attacks, others) => {
  for (const attack of attacks) expect([attack, regexOf(name).test(attack)]).toEqual([attack, true]);
  for (const other of others) expect([other, regexOf(name).test(other)]).toEqual([other, false]);
});

test('blocks methods that the API does not have', () => {
  const searched = leavesOf(named('UnknownMethod'));
  expect(Object.keys(named('UnknownMethod') ?? {})).toEqual(['NotStatement']);
  expect(searched.map(([, { SearchString }]) => SearchString)).toEqual(['GET', 'HEAD', 'POST', 'DELETE']);
  for (const [, content] of searched)
    expect(content).toMatchObject({ FieldToMatch: { Method: {} }, PositionalConstraint: 'EXACTLY' });
});

test('blocks long paths, queries and bodies, including oversized ones', () => {
  expect(leavesOf(named('LongAddress')).map(([, { Size, ComparisonOperator }]) => [ComparisonOperator, Size])).toEqual([
    ['GT', 1024],
    ['GT', 4096],
  ]);
  expect(leavesOf(named('LargeBody'))[0]?.[1]).toMatchObject({
    Size: 8192,
    FieldToMatch: { Body: { OversizeHandling: 'MATCH' } },
  });
});
