import { byCodeUnit } from '../sort';
import { conditionsHold, type RequestFacts } from './conditions';
import { waysOf } from './decide';
import { type EscalationMethod, escalationMethods } from './escalation-methods';
import type { Policies, Role } from './read-policies';

/** A role that can gain permissions of another identity. */
export interface Escalation {
  readonly role: string;
  /** The method, by its id. */
  readonly method: string;
  readonly actions: readonly string[];
  /** The roles whose permissions it gains; empty where a template does not tell. */
  readonly gains: readonly string[];
}

/** Every method that a role's permissions suffice for. */
export function escalationsOf({ roles }: Policies): Escalation[] {
  const found = roles.flatMap((role) =>
    escalationMethods.flatMap((method) => {
      const gains = gainsOf(role, method, roles);
      return gains ? [{ role: role.name, method: method.id, actions: method.actions, gains }] : [];
    }),
  );
  return found.sort(byCodeUnit(({ role, method }) => `${role} ${method}`));
}

/** The roles that a role gains by a method; `undefined` if the method fails. */
function gainsOf(role: Role, { actions, service }: EscalationMethod, roles: readonly Role[]): string[] | undefined {
  const others = actions.filter((action) => action !== 'iam:PassRole' && action !== 'sts:AssumeRole');
  if (!others.every((action) => isAllowedSomewhere(role, action))) return undefined;
  const passed = actions.includes('iam:PassRole') ? targetsOf(role, 'iam:PassRole', roles, service) : undefined;
  const assumed = actions.includes('sts:AssumeRole') ? targetsOf(role, 'sts:AssumeRole', roles) : undefined;
  const needed = [passed, assumed].filter((targets) => targets !== undefined);
  return needed.every((targets) => targets.length > 0) ? [...new Set(needed.flat())] : undefined;
}

/** Conditions that fix the policies that may be attached leave nothing to gain but what those allow. */
const fixesPolicies = (conditions: readonly string[]) =>
  conditions.some((each) => /^iam:PolicyARN (StringEquals|ArnEquals) [^*]+$/i.test(each));

function isAllowedSomewhere(role: Role, action: string): boolean {
  return waysOf(role, { action, resource: '*' }).some(({ conditions }) => !fixesPolicies(conditions));
}

/** The roles that a role may pass to a service or assume: those of the assembly that trust it, and patterns that name others. */
function targetsOf(role: Role, action: string, roles: readonly Role[], service?: string): string[] {
  const facts: RequestFacts = service === undefined ? {} : { 'iam:passedtoservice': service };
  const own = roles.filter(
    (target) =>
      target !== role &&
      trusts(target, role, service) &&
      waysOf(role, { action, resource: target.arn, facts }).length > 0,
  );
  const named = waysOf(role, { action, resource: '*', facts }).flatMap(({ resources }) => resources);
  const unknown = named.filter((pattern) => !roles.some(({ arn }) => arn === pattern));
  return [...own.map(({ name }) => name), ...unknown];
}

function trusts(target: Role, role: Role, service: string | undefined): boolean {
  const principals =
    service === undefined
      ? ['*', `aws:${role.arn}`, `aws:arn:aws:iam::${role.account}:root`, `aws:${role.account}`]
      : [`service:${service}`];
  return target.trust.some(
    (statement) =>
      statement.effect === 'Allow' &&
      statement.principals.some((each) => principals.includes(each)) &&
      conditionsHold(statement, {}) !== 'no',
  );
}
