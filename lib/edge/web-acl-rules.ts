import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { MarkHeader } from './proxy-mark';

type Statement = CfnWebACL.StatementProperty;
type FieldToMatch = CfnWebACL.FieldToMatchProperty;

/** A rule of a web ACL. Its action is always Block. */
export interface WebAclRule {
  readonly name: string;
  readonly statement: Statement;
  /** Whether the statement references a rule group, whose rules have their own actions. */
  readonly isGroup?: true;
}

/** Rate limits of clients. */
export interface RequestLimits {
  readonly requestsPerAddressPerFiveMinutes: number;
  /** @default - no limit per key */
  readonly requestsPerMinutePerKey?: number | undefined;
  /** Requests with this header are excluded, because CloudFront's web ACL already counts them. @default - none */
  readonly uncounted?: MarkHeader | undefined;
}

export const decode = [{ priority: 0, type: 'URL_DECODE_UNI' }];

/** Fields to inspect. A body above the inspection limit is blocked, because no valid request is that large. */
export const queryAndBody: readonly FieldToMatch[] = [
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

/** A statement that matches if it matches any of the fields. */
export function anyOf(fields: readonly FieldToMatch[], match: (fieldToMatch: FieldToMatch) => Statement): Statement {
  return { orStatement: { statements: fields.map(match) } };
}

const statementsOfSql = [
  'union( all)? select',
  'select .+ from',
  'insert into',
  'update .+ set',
  'delete from',
  '(drop|alter|create|truncate) (table|schema|database|role|user)',
  'grant .+ to',
  'exec(ute)? immediate',
  'pg_sleep ?[(]',
];

/**
 * SQL statements in lower case, where a plus also means a space. Each needs two keywords, because one, such as `select`, is plain English.
 *
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/waf-regex-pattern-support.html
 */
export const sqlKeywords = String.raw`\b(${statementsOfSql.map((words) => words.replaceAll(' ', '[ +]')).join('|')})`;

export const sqlKeywordsRule: WebAclRule = {
  name: 'SqlKeywords',
  statement: {
    regexMatchStatement: {
      regexString: sqlKeywords,
      fieldToMatch: { queryString: {} },
      textTransformations: [
        { priority: 0, type: 'URL_DECODE_UNI' },
        { priority: 1, type: 'COMPRESS_WHITE_SPACE' },
        { priority: 2, type: 'LOWERCASE' },
      ],
    },
  },
};

/** Custom rules against injection, for use in a web ACL itself. */
export const injectionRules: readonly WebAclRule[] = [
  sqlKeywordsRule,
  {
    name: 'SqlInjection',
    statement: anyOf(queryAndBody, (fieldToMatch) => ({
      sqliMatchStatement: { fieldToMatch, textTransformations: decode, sensitivityLevel: 'LOW' },
    })),
  },
  {
    name: 'CrossSiteScripting',
    statement: anyOf(queryAndBody, (fieldToMatch) => ({
      xssMatchStatement: { fieldToMatch, textTransformations: decode },
    })),
  },
];

function awsGroup(name: string): WebAclRule {
  return { name, isGroup: true, statement: { managedRuleGroupStatement: { vendorName: 'AWS', name } } };
}

export interface WebAclRulesProps {
  /** @default - no limits, because the web ACL is behind another one and all requests come from the same addresses */
  readonly limits?: RequestLimits;
  /** Custom rules or rule groups. */
  readonly own: readonly WebAclRule[];
}

/** The rules of a web ACL in evaluation order (PCI DSS 6.4). */
export function webAclRules({ limits, own }: WebAclRulesProps): readonly WebAclRule[] {
  return [
    ...(limits ? [...limitRules(limits), awsGroup('AWSManagedRulesAmazonIpReputationList')] : []),
    awsGroup('AWSManagedRulesCommonRuleSet'),
    awsGroup('AWSManagedRulesKnownBadInputsRuleSet'),
    awsGroup('AWSManagedRulesSQLiRuleSet'),
    ...own,
  ];
}

/** Rate-based rules. AWS WAF applies them with a delay of some seconds. */
function limitRules(limits: RequestLimits): WebAclRule[] {
  const { requestsPerAddressPerFiveMinutes: limit, requestsPerMinutePerKey, uncounted } = limits;
  const perAddress: WebAclRule = {
    name: 'RateLimitPerAddress',
    statement: {
      rateBasedStatement: {
        limit,
        aggregateKeyType: 'IP',
        evaluationWindowSec: 300,
        ...(uncounted && { scopeDownStatement: { notStatement: { statement: hasHeader(uncounted) } } }),
      },
    },
  };
  if (requestsPerMinutePerKey === undefined) return [perAddress];
  const header = { name: 'x-api-key', textTransformations: [{ priority: 0, type: 'NONE' }] };
  return [
    perAddress,
    {
      name: 'RateLimitPerKey',
      statement: {
        rateBasedStatement: {
          limit: requestsPerMinutePerKey,
          aggregateKeyType: 'CUSTOM_KEYS',
          customKeys: [{ header }],
          evaluationWindowSec: 60,
        },
      },
    },
  ];
}

function hasHeader({ name, value }: MarkHeader): Statement {
  return {
    byteMatchStatement: {
      fieldToMatch: { singleHeader: { Name: name } },
      positionalConstraint: 'EXACTLY',
      searchString: value,
      textTransformations: [{ priority: 0, type: 'NONE' }],
    },
  };
}
