import { conditionsHold, openConditions, type RequestFacts } from './conditions';
import { globMatches, globsIntersect } from './glob';
import type { Guarded, Role } from './read-policies';
import type { Statement } from './statements';

/** A request of a principal. */
export interface Request {
  readonly action: string;
  /** An ARN, or a pattern of ARNs of which any is meant. */
  readonly resource: string;
  /** What is known of the request besides its principal. */
  readonly facts?: RequestFacts;
}

/** One statement that allows a request. */
export interface Way {
  /** What the request must meet besides. */
  readonly conditions: readonly string[];
  /** The resources that the statement names. */
  readonly resources: readonly string[];
}

/**
 * Decides as IAM does, within one account: an explicit denial wins; the boundary must allow; then the role's policies or the resource's.
 * The result is empty if it denies. A key is used only if its own policy allows it or leaves it to the account. What a template leaves open counts as allowed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
 */
export function waysOf(role: Role, request: Request, guarded?: Guarded): Way[] {
  const facts = { ...factsOf(role, guarded), ...request.facts };
  const ofResource = (guarded?.policy ?? []).filter(({ principals }) =>
    principals.some((each) => isPrincipal(each, role)),
  );
  const all = [...role.identity, ...(role.boundary ?? []), ...ofResource];
  if (all.some((statement) => denies(statement, request, facts))) return [];
  const allowing = (statements: readonly Statement[]) => statements.filter((each) => allows(each, request, facts));
  if (role.boundary && allowing(role.boundary).length === 0) return [];
  const direct = allowing(ofResource.filter(({ principals }) => !principals.every((each) => isAccount(each, role))));
  const delegates =
    guarded?.type !== 'AWS::KMS::Key' ||
    allowing(ofResource).some(({ principals }) => principals.some((each) => isAccount(each, role)));
  const ways = [...direct, ...(delegates ? allowing(role.identity) : [])];
  return ways.map((statement) => wayOf(statement, facts));
}

/** Whether a resource's own policy lets a service, another account or everyone do something, and on which conditions. */
export function waysOfOther(principal: string, request: Request, guarded: Guarded): Way[] {
  const facts = { 'aws:securetransport': 'true' };
  const about = guarded.policy.filter(({ principals }) => principals.some((each) => each === principal));
  if (about.some((statement) => denies(statement, request, facts))) return [];
  const ways = about.filter((statement) => allows(statement, request, facts));
  return ways.map((statement) => wayOf(statement, facts));
}

const wayOf = (statement: Statement, facts: RequestFacts): Way => ({
  conditions: openConditions(statement, facts),
  resources: statement.excludesResources ? ['*'] : statement.resources,
});

function factsOf(role: Role, guarded: Guarded | undefined): RequestFacts {
  return {
    'aws:principalaccount': role.account,
    'aws:principalarn': role.arn,
    'aws:securetransport': 'true',
    'kms:calleraccount': role.account,
    ...(guarded && guarded.region !== '' && { 'aws:requestedregion': guarded.region }),
  };
}

const isPrincipal = (principal: string, role: Role) =>
  principal === '*' || isAccount(principal, role) || principal === `aws:${role.arn}`;

const isAccount = (principal: string, { account }: Role) =>
  principal === `aws:arn:aws:iam::${account}:root` || principal === `aws:${account}`;

function allows(statement: Statement, request: Request, facts: RequestFacts): boolean {
  return statement.effect === 'Allow' && mayBeAbout(statement, request) && conditionsHold(statement, facts) !== 'no';
}

/** A denial counts only where it covers the whole request, whatever else the request says. */
function denies(statement: Statement, request: Request, facts: RequestFacts): boolean {
  return statement.effect === 'Deny' && covers(statement, request) && conditionsHold(statement, facts) === 'yes';
}

function mayBeAbout(statement: Statement, { action, resource }: Request): boolean {
  const { actions, excludesActions, resources, excludesResources } = statement;
  if (nameAction(actions, action) === excludesActions) return false;
  // Policies of keys and repositories are about what they are attached to.
  if (resources.length === 0) return true;
  return excludesResources
    ? !resources.some((each) => globMatches(each, resource))
    : resources.some((each) => globsIntersect(each, resource));
}

function covers(statement: Statement, { action, resource }: Request): boolean {
  const { actions, excludesActions, resources, excludesResources } = statement;
  if (nameAction(actions, action) === excludesActions) return false;
  if (resources.length === 0) return true;
  return excludesResources
    ? !resources.some((each) => globsIntersect(each, resource))
    : resources.some((each) => globMatches(each, resource));
}

function nameAction(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => globMatches(pattern.toLowerCase(), action.toLowerCase()));
}
