import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';

type Statement = CfnWebACL.StatementProperty;
type FieldToMatch = CfnWebACL.FieldToMatchProperty;

/** One line of the table: what is looked for; every line blocks. */
export interface WebAclRule {
  readonly name: string;
  readonly statement: Statement;
  /** A group of AWS decides for each of its rules; all of them block. */
  readonly managed?: true;
}

const decode = [{ priority: 0, type: 'URL_DECODE_UNI' }];

/** Where an attacker's text may hide. A body that is too large to be read is refused: no request of ours is. */
const inspected: readonly FieldToMatch[] = [
  { queryString: {} },
  {
    jsonBody: {
      matchPattern: { all: {} },
      matchScope: 'VALUE',
      invalidFallbackBehavior: 'EVALUATE_AS_STRING',
      oversizeHandling: 'MATCH',
    },
  },
];

function anyField(match: (fieldToMatch: FieldToMatch) => Statement): Statement {
  return { orStatement: { statements: inspected.map(match) } };
}

function awsGroup(name: string): WebAclRule {
  return { name, managed: true, statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } } };
}

/**
 * What the web ACL refuses, in the order in which it looks (PCI DSS 6.4).
 *
 * @param requestsPerAddress how many requests one address may send in five minutes
 */
export function webAclRules(requestsPerAddress: number): readonly WebAclRule[] {
  return [
    {
      name: 'RateLimitPerAddress',
      statement: {
        rateBasedStatement: { limit: requestsPerAddress, aggregateKeyType: 'IP', evaluationWindowSec: 300 },
      },
    },
    awsGroup('AWSManagedRulesAmazonIpReputationList'),
    awsGroup('AWSManagedRulesCommonRuleSet'),
    awsGroup('AWSManagedRulesKnownBadInputsRuleSet'),
    awsGroup('AWSManagedRulesSQLiRuleSet'),
    {
      name: 'SqlInjection',
      statement: anyField((fieldToMatch) => ({
        sqliMatchStatement: { fieldToMatch, textTransformations: decode, sensitivityLevel: 'LOW' },
      })),
    },
    {
      name: 'CrossSiteScripting',
      statement: anyField((fieldToMatch) => ({ xssMatchStatement: { fieldToMatch, textTransformations: decode } })),
    },
  ];
}
