import { actionsNamed } from '../iam/action-reference';
import { isAbout } from '../iam/key-access';
import type { PlatformPolicies } from '../iam/platform-policies';
import { rolesOf, type RolePolicies } from '../iam/roles';
import { iamActionOf } from './iam-actions';
import { type Program, programsOf } from './programs';
import { type SdkCall, sdkCallsOf } from './sdk-calls';
import { calledWith, exceptionFor } from './exceptions';

const known = new Map<string, SdkCall[]>();

/** The calls that a program makes with the variables that it has. */
function callsOf(program: Program): SdkCall[] {
  const key = `${program.entry}#${program.exportName ?? ''}`;
  const calls = known.get(key) ?? sdkCallsOf(program);
  known.set(key, calls);
  return calls.filter(({ module }) => calledWith[module]?.(program.variables) !== false);
}

/** The result of checking the calls of a platform. */
export interface CallReport {
  /** How many actions its programs call. */
  readonly calls: number;
  readonly problems: readonly string[];
  /** Reasons of the exceptions that a permission needed. */
  readonly exceptions: readonly string[];
}

/** Calls that a role does not allow, and permissions that no call needs. */
export async function callProblems(policies: PlatformPolicies): Promise<CallReport> {
  const roles = rolesOf(policies);
  const results = await Promise.all(
    programsOf(policies).map(async (program) => {
      const role = roles.find(({ arn }) => arn === program.roleArn);
      if (!role) throw new Error(`${program.name} has no role among the templates.`);
      const actions = new Set(callsOf(program).map(iamActionOf));
      return {
        calls: actions.size,
        exceptions: exceptionsOf(role, actions),
        problems: [...(await denied(program, role, actions)), ...unused(program, role, actions)],
      };
    }),
  );
  return {
    calls: results.reduce((sum, { calls }) => sum + calls, 0),
    problems: results.flatMap(({ problems }) => problems),
    exceptions: results.flatMap(({ exceptions }) => exceptions),
  };
}

async function denied({ name }: Program, { statements, boundary }: RolePolicies, actions: ReadonlySet<string>) {
  const isAllowed = (action: string) =>
    statements.some((each) => each.effect === 'Allow' && isAbout(each, action, '*')) &&
    ![...statements, ...(boundary ?? [])].some(
      (each) =>
        each.effect === 'Deny' &&
        each.conditions.length === 0 &&
        each.resources.includes('*') &&
        isAbout(each, action, '*'),
    );
  const found = await Promise.all(
    [...actions].map(async (action) => {
      if ((await actionsNamed(action)).length !== 1) return `${name}: IAM knows no action ${action}`;
      return isAllowed(action) ? undefined : `${name}: calls ${action}, and its role does not allow it`;
    }),
  );
  return found.filter((problem) => problem !== undefined);
}

function unused({ name }: Program, role: RolePolicies, actions: ReadonlySet<string>): string[] {
  return allowedWithoutCall(role, actions)
    .filter((action) => exceptionFor(action, actions) === undefined)
    .map((action) => `${name}: is allowed ${action}, and never calls it`);
}

function exceptionsOf(role: RolePolicies, actions: ReadonlySet<string>): string[] {
  return allowedWithoutCall(role, actions)
    .map((action) => exceptionFor(action, actions)?.reason)
    .filter((reason) => reason !== undefined);
}

function allowedWithoutCall({ statements }: RolePolicies, actions: ReadonlySet<string>): string[] {
  const granted = statements.filter(({ effect }) => effect === 'Allow').flatMap((each) => each.actions);
  return [...new Set(granted)].filter((action) => !actions.has(action));
}
