import type { Assembly } from '../assembly';
import type { Observation } from './claim';
import { claims } from './claims';
import { requirements } from './requirements';
import { specifiedDeviation } from './specified-deviations';

/**
 * `shown`: templates show it. `shared`: they show their part, and the operator has one, too. `not shown`: they do not show it.
 * `contradicted by specification`: the profile's specification asks for something else.
 */
export type Status = 'shown' | 'shared' | 'not shown' | 'contradicted by specification';

/** A claim with what was observed. */
export interface ClaimResult {
  readonly id: string;
  readonly requirements: readonly string[];
  readonly statement: string;
  readonly status: Status;
  /** Why the claim is not shown or contradicted. */
  readonly reason: string | null;
  readonly operator: string | null;
  readonly observations: readonly Observation[];
}

/** A requirement with the claims that support it. */
export interface RequirementResult {
  readonly number: string;
  readonly subject: string;
  readonly status: Status;
  readonly claims: readonly string[];
  /** Claims that need resources which the assembly lacks. They support nothing. */
  readonly withoutResources: readonly string[];
  readonly operator: readonly string[];
}

/** Examines every claim. @param profile the profile whose specification explains deviations, if any */
export function examineClaims(assembly: Assembly, profile: string | undefined): ClaimResult[] {
  return claims.map(({ id, requirements: numbers, statement, subject, operator, examine }) => {
    const observations = examine(assembly);
    const failed = observations.filter(({ holds }) => !holds);
    const explained = failed.map((observation) => specifiedDeviation(profile, id, observation));
    const specified = explained.length > 0 && explained.every((each) => each !== undefined) ? explained[0] : undefined;
    const result = { id, requirements: numbers, statement, operator: operator ?? null, observations };
    if (observations.length === 0) return { ...result, status: 'not shown', reason: `The assembly has no ${subject}.` };
    if (specified) return { ...result, status: 'contradicted by specification', reason: specified.reason };
    if (failed.length > 0)
      return {
        ...result,
        status: 'not shown',
        reason: `${failed.length} of ${observations.length} ${subject} refute it.`,
      };
    return { ...result, status: operator === undefined ? 'shown' : 'shared', reason: null };
  });
}

/** From the worst to the best. */
const severity: readonly Status[] = ['contradicted by specification', 'not shown', 'shared', 'shown'];

/** The status of each requirement: the worst of the claims that have resources. */
export function examineRequirements(results: readonly ClaimResult[]): RequirementResult[] {
  return requirements.map(({ number, subject, operator }) => {
    const supporting = results.filter((claim) => claim.requirements.includes(number));
    const withResources = supporting.filter(({ observations }) => observations.length > 0);
    const statuses = withResources.map(({ status }) => status);
    if (operator !== undefined && statuses.length > 0) statuses.push('shared');
    const status = severity.find((each) => statuses.includes(each)) ?? 'not shown';
    const operators = [operator, ...withResources.map((claim) => claim.operator)].filter(
      (each) => typeof each === 'string',
    );
    return {
      number,
      subject,
      status,
      claims: withResources.map(({ id }) => id),
      withoutResources: supporting.filter((claim) => !withResources.includes(claim)).map(({ id }) => id),
      operator: operators,
    };
  });
}
