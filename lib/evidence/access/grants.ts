import { byCodeUnit } from '../sort';
import { waysOf } from './decide';
import { type ConditionalActions, groupByConditions } from './group-by-conditions';
import type { Policies, Role } from './read-policies';

/** What a role may do to one resource, by actions as its policies name them. */
export interface Grant extends ConditionalActions {
  /** The ARN or pattern that the role's policies name. */
  readonly resource: string;
}

/** What a role may do by its own policies, resource by resource. Resource policies that name roles are in the answers to questions. */
export function grantsOf(role: Role, { resources }: Policies): Grant[] {
  const allowed = role.identity.filter(({ effect }) => effect === 'Allow');
  const patterns = new Set(allowed.flatMap((each) => (each.excludesResources ? ['*'] : each.resources)));
  return [...patterns].sort(byCodeUnit((pattern) => pattern)).flatMap((resource) => {
    const about = allowed.filter((each) => each.excludesResources || each.resources.includes(resource));
    const actions = new Set(about.flatMap((each) => (each.excludesActions ? ['*'] : each.actions)));
    const guarded = resources.find(({ arn }) => isOf(resource, arn));
    const ascending = [...actions].sort(byCodeUnit((action) => action));
    const groups = groupByConditions(ascending, (action) => waysOf(role, { action, resource }, guarded));
    return groups.map((group) => ({ resource, ...group }));
  });
}

/** Whether a pattern names a resource or what it contains. */
const isOf = (pattern: string, arn: string) => pattern === arn || pattern === `${arn}/*` || pattern === `${arn}:*`;
