import { CfnRuleGroup } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { pascalCase } from '../core/pascal-case';
import type { ResourceNames } from '../core/resource-names';
import { anyOf, decode, queryAndBody, sqlKeywordsRule, type WebAclRule } from './web-acl-rules';

type Rule = Pick<CfnRuleGroup.RuleProperty, 'name' | 'statement'>;

/** A group of rules and how much it may cost to look at a request: a limit that AWS never lets change, so it leaves room. */
interface Group {
  readonly purpose: string;
  readonly description: string;
  readonly capacity: number;
  readonly rules: readonly Rule[];
}

const uri = { uriPath: {} };
const everywhere = [uri, ...queryAndBody];
const plain = [{ priority: 0, type: 'NONE' }];

const atMost = (bytes: number, fieldToMatch: CfnRuleGroup.FieldToMatchProperty) => ({
  sizeConstraintStatement: { fieldToMatch, comparisonOperator: 'GT', size: bytes, textTransformations: plain },
});
const looksLike = (name: string, regexString: string): Rule => ({
  name,
  statement: anyOf(everywhere, (fieldToMatch) => ({
    regexMatchStatement: { regexString, fieldToMatch, textTransformations: decode },
  })),
});

/** The methods that the API has; HEAD comes with GET. */
const methods = ['GET', 'HEAD', 'POST', 'DELETE'];

/** Each answers one risk of the OWASP Top 10; the other risks (access, cryptography, logging) are none that a web ACL sees. */
const groups: readonly Group[] = [
  {
    purpose: 'sql-injection',
    description: 'A03 Injection: SQL in the path, query string or body',
    capacity: 250,
    rules: [
      sqlKeywordsRule,
      {
        name: 'SqlInjection',
        statement: anyOf(everywhere, (fieldToMatch) => ({
          sqliMatchStatement: { fieldToMatch, textTransformations: decode, sensitivityLevel: 'LOW' },
        })),
      },
    ],
  },
  {
    purpose: 'cross-site-scripting',
    description: 'A03 Injection: scripts in the path, query string or body',
    capacity: 300,
    rules: [
      {
        name: 'CrossSiteScripting',
        statement: anyOf(everywhere, (fieldToMatch) => ({
          xssMatchStatement: { fieldToMatch, textTransformations: decode },
        })),
      },
    ],
  },
  {
    purpose: 'request-hygiene',
    description: 'A01, A05, A06, A10: requests that no client of a payments API sends',
    capacity: 350,
    rules: [
      {
        name: 'UnknownMethod',
        statement: {
          notStatement: {
            statement: {
              orStatement: {
                statements: methods.map((searchString) => ({
                  byteMatchStatement: {
                    searchString,
                    fieldToMatch: { method: {} },
                    positionalConstraint: 'EXACTLY',
                    textTransformations: plain,
                  },
                })),
              },
            },
          },
        },
      },
      {
        name: 'LongAddress',
        statement: { orStatement: { statements: [atMost(1024, uri), atMost(4096, { queryString: {} })] } },
      },
      { name: 'LargeBody', statement: atMost(8192, { body: { oversizeHandling: 'MATCH' } }) },
      looksLike('PathTraversal', String.raw`\.\.[/\\]`),
      looksLike('VulnerableComponents', String.raw`\$\{(jndi|env|sys|ctx):`),
      looksLike('ServerSideRequestForgery', '169[.]254[.](169[.]254|170[.]2)'),
    ],
  },
];

/** What the groups are told. */
export interface OwaspRuleGroupsProps {
  readonly names: ResourceNames;
  readonly scope: 'CLOUDFRONT' | 'REGIONAL';
}

/** Groups of rules of our own, which a web ACL refers to: other web ACLs of the account may refer to them too. */
export class OwaspRuleGroups extends Construct {
  /** One for each group. */
  readonly rules: readonly WebAclRule[];

  constructor(scope: Construct, id: string, props: OwaspRuleGroupsProps) {
    super(scope, id);
    const { names } = props;
    const measured = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: true,
    });
    this.rules = groups.map(({ purpose, description, capacity, rules }) => {
      const name = names.of('rule-group', purpose);
      const group = new CfnRuleGroup(this, pascalCase(purpose), {
        name,
        description,
        scope: props.scope,
        capacity,
        visibilityConfig: measured(name),
        rules: rules.map((rule, priority) => ({
          ...rule,
          priority,
          action: { block: {} },
          visibilityConfig: measured(rule.name),
        })),
      });
      return { name: purpose, isGroup: true, statement: { ruleGroupReferenceStatement: { arn: group.attrArn } } };
    });
  }
}
