import { CfnRuleGroup } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { pascalCase } from '../core/pascal-case';
import type { ResourceNames } from '../core/resource-names';
import { anyOf, decode, queryAndBody, sqlKeywordsRule, type WebAclRule } from './web-acl-rules';

type Rule = Pick<CfnRuleGroup.RuleProperty, 'name' | 'statement'>;

/** A rule group. Its capacity, in web ACL capacity units (WCU), cannot change later and therefore has a reserve. */
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

/** The methods of the API. */
const methods = ['GET', 'HEAD', 'POST', 'DELETE'];

/** Each group addresses a risk of the OWASP Top 10. A web ACL cannot detect the others (access control, cryptography, logging). */
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

export interface OwaspRuleGroupsProps {
  readonly names: ResourceNames;
  readonly scope: 'CLOUDFRONT' | 'REGIONAL';
}

/** Custom rule groups, which other web ACLs of the account may also reference. */
export class OwaspRuleGroups extends Construct {
  /** A rule per group that references it. */
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
