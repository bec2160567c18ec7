import {
  actionDetails,
  type ActionDetails,
  actionsNamed,
  conditionKeysOf,
  isAmong,
  isGlobalKey,
  resourceTypesNamed,
} from './action-reference';
import type { Statement } from '../../../lib/evidence/access/statements';

/**
 * What AWS would never grant or deny as a statement says: actions that do not exist, resources of a type that no action of the
 * statement has, condition keys that no request of the action carries.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export async function statementProblems(statement: Statement): Promise<string[]> {
  const named = await Promise.all(
    statement.actions
      .filter((pattern) => pattern !== '*')
      .map(async (pattern) => ({ pattern, actions: await actionsNamed(pattern) })),
  );
  const missing = named.filter(({ actions }) => actions.length === 0).map(({ pattern }) => `${pattern} does not exist`);
  const known = named.filter(({ actions }) => actions.length > 0);
  if (statement.excludesActions || known.length === 0) return missing;
  const resources = statement.resources.filter((resource) => resource !== '*');
  // Trust policies and those of repositories have no Resource: they are about what they are attached to.
  const ownResourceOnly = statement.resources.length === 0 || statement.excludesResources;
  return [
    ...missing,
    ...(ownResourceOnly ? [] : await resourceProblems(known, resources, statement.resources.includes('*'))),
    ...(await conditionProblems(known, statement, resources)),
  ];
}

interface NamedActions {
  readonly pattern: string;
  readonly actions: readonly string[];
}

async function resourceProblems(
  named: readonly NamedActions[],
  resources: readonly string[],
  includesAll: boolean,
): Promise<string[]> {
  if (includesAll) return [];
  const pairs = await Promise.all(
    named.flatMap(({ pattern, actions }) =>
      resources.map(async (resource) => ({ pattern, resource, fits: await anyFits(actions, resource) })),
    ),
  );
  const unusedResources = resources.filter(
    (wanted) => !pairs.some(({ resource, fits }) => resource === wanted && fits),
  );
  const idleActions = await Promise.all(
    named
      .filter(({ pattern }) => !pairs.some((pair) => pair.pattern === pattern && pair.fits))
      .map(async ({ pattern, actions }) => {
        const types = (await Promise.all(actions.map(actionDetails))).flatMap(({ resourceTypes }) => resourceTypes);
        const names = [...new Set(types.map(({ name }) => name))];
        return types.length === 0
          ? `${pattern} supports no resource and is allowed on "*" only, not on ${resources.join(', ')}`
          : `${pattern} is for ${names.join(', ')}, not for ${resources.join(', ')}`;
      }),
  );
  return [...idleActions, ...unusedResources.map((resource) => `no action of the statement is for ${resource}`)];
}

/**
 * Resource types that the reference does not list for an action and that the service's own documentation does.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddTags.html
 */
const unlistedTypes: Readonly<Record<string, readonly string[]>> = {
  'apigateway:GET': ['Apis'],
  // The reference lists the tags of Classic Load Balancers only.
  'elasticloadbalancing:AddTags': ['listener-rule/app'],
  'elasticloadbalancing:RemoveTags': ['listener-rule/app'],
  'lambda:InvokeFunction': ['function alias', 'function version'],
};

async function anyFits(actions: readonly string[], resource: string): Promise<boolean> {
  const fits = await Promise.all(
    actions.map(async (action) => {
      const { service, resourceTypes } = await actionDetails(action);
      const types = await resourceTypesNamed(service, resource);
      const accepted = [...resourceTypes.map(({ name }) => name), ...(unlistedTypes[action] ?? [])];
      return accepted.some((name) => types.includes(name));
    }),
  );
  return fits.some(Boolean);
}

/** Operators that also hold where the request has no such key. */
const holdsWithoutKey = (operator: string) => /IfExists$|Not|^Null$/.test(operator);

async function conditionProblems(
  named: readonly NamedActions[],
  { conditions }: Statement,
  resources: readonly string[],
): Promise<string[]> {
  const problems = await Promise.all(
    conditions
      .filter(([operator]) => !holdsWithoutKey(operator))
      .flatMap(([, key]) =>
        named.map(async ({ pattern, actions }) => {
          if (await isGlobalKey(key)) return undefined;
          const carried = await Promise.all(actions.map((action) => carries(action, key, resources)));
          return carried.some(Boolean) ? undefined : `${pattern} carries no condition key ${key}`;
        }),
      ),
  );
  return problems.filter((problem) => problem !== undefined);
}

async function carries(name: string, key: string, resources: readonly string[]): Promise<boolean> {
  const action: ActionDetails = await actionDetails(name);
  const types = await Promise.all(resources.map((resource) => resourceTypesNamed(action.service, resource)));
  const used = action.resourceTypes.map(({ name }) => name);
  const relevant = resources.length === 0 ? used : used.filter((name) => types.flat().includes(name));
  return isAmong(key, await conditionKeysOf(action, relevant));
}
