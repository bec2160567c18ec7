import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { MarkHeader } from './proxy-mark';

type Statement = CfnWebACL.StatementProperty;
type FieldToMatch = CfnWebACL.FieldToMatchProperty;

/** One line of the table: what is looked for; every line blocks. */
export interface WebAclRule {
  readonly name: string;
  readonly statement: Statement;
  /** A group decides for each of its rules; all of them block. */
  readonly isGroup?: true;
}

/** How often clients may ask. */
export interface RequestLimits {
  readonly requestsPerAddressPerFiveMinutes: number;
  /** @default - not counted by key */
  readonly requestsPerMinutePerKey?: number | undefined;
  /** Requests with this header come from a proxy of ours, which has counted its clients itself. @default - no proxy forwards requests */
  readonly uncounted?: MarkHeader | undefined;
}

export const decode = [{ priority: 0, type: 'URL_DECODE_UNI' }];

/** Where an attacker's text may hide. A body that is too large to be read is refused: no request of ours is. */
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

/** Matches when any of the fields does. */
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
 * Statements of SQL by their keywords, in lower case; a plus is a space, too. Pairs of words: one alone, such as `select`, is English.
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

/** Rules of our own against injection, for where they stand in the web ACL itself. */
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

/** What a web ACL is made of. */
export interface WebAclRulesProps {
  /** How much it lets through. @default - it sees no clients: it stands behind another one, and all requests come from the same addresses */
  readonly limits?: RequestLimits;
  /** Rules of our own, or groups of them. */
  readonly own: readonly WebAclRule[];
}

/** What a web ACL refuses, in the order in which it looks (PCI DSS 6.4). */
export function webAclRules({ limits, own }: WebAclRulesProps): readonly WebAclRule[] {
  return [
    ...(limits ? [...limitRules(limits), awsGroup('AWSManagedRulesAmazonIpReputationList')] : []),
    awsGroup('AWSManagedRulesCommonRuleSet'),
    awsGroup('AWSManagedRulesKnownBadInputsRuleSet'),
    awsGroup('AWSManagedRulesSQLiRuleSet'),
    ...own,
  ];
}

/** Both are counted by the web ACL itself, which is some seconds behind. */
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
