import type { AssemblyResource } from './assembly';
import { isRecord, textOf } from './values';

/** The value at a path of keys separated by dots; `undefined` if any part is absent. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((inner, key) => (isRecord(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value);
}

/** The value of a property of a resource, by its path. */
export const property = (resource: AssemblyResource, path: string): unknown => valueAt(resource.properties, path);

/** The list at a path; a single value counts as a list of one, and an absent one as an empty list. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = valueAt(value, path);
  return found === undefined ? [] : [found].flat();
}

/** A property as text for people; `not set` if it is absent. */
export function shown(resource: AssemblyResource, path: string): string {
  const value = property(resource, path);
  return `${path}: ${value === undefined ? 'not set' : textOf(value)}`;
}

/** Whether a database instance belongs to a cluster, which has its storage, parameters and logins. */
export const isClusterMember = (resource: AssemblyResource): boolean =>
  resource.type === 'AWS::RDS::DBInstance' && property(resource, 'DBClusterIdentifier') !== undefined;

/** Attributes that a resource lists as `{Key, Value}`, such as those of load balancers. */
export function attributesAt(resource: AssemblyResource, path: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    listAt(resource.properties, path).map((each) => [textOf(valueAt(each, 'Key')), valueAt(each, 'Value')]),
  );
}

/** A statement of an IAM policy with lists where IAM also accepts single values. */
export interface PolicyStatement {
  readonly isAllow: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** `*`, or `TYPE:PRINCIPAL`, such as `Service:lambda.amazonaws.com`. */
  readonly principals: readonly string[];
  readonly condition: Readonly<Record<string, unknown>>;
}

/** The statements of a policy document, which may also be JSON text. */
export function statementsOf(document: unknown): PolicyStatement[] {
  const parsed: unknown = typeof document === 'string' ? JSON.parse(document) : document;
  return listAt(parsed, 'Statement').map((statement) => {
    const condition = valueAt(statement, 'Condition');
    return {
      isAllow: valueAt(statement, 'Effect') === 'Allow',
      actions: listAt(statement, 'Action').map((action) => textOf(action)),
      resources: listAt(statement, 'Resource').map((each) => textOf(each)),
      principals: principalsOf(valueAt(statement, 'Principal')),
      condition: isRecord(condition) ? condition : {},
    };
  });
}

function principalsOf(principal: unknown): string[] {
  if (!isRecord(principal)) return principal === undefined ? [] : [textOf(principal)];
  return Object.entries(principal).flatMap(([type, names]) =>
    [names].flat().map((name) => (name === '*' ? '*' : `${type}:${textOf(name)}`)),
  );
}
