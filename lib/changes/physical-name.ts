import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Resource } from './template-set';

// Cached, because loading the specification takes a second.
let specification: ReturnType<typeof loadAwsServiceSpecSync> | undefined;
const properties = new Map<string, string | undefined>();

/**
 * The physical name that the template sets for a resource, as JSON; `undefined` if CloudFormation generates one.
 *
 * CloudFormation creates a replacement before it deletes the original, so two resources would have this name at the same time.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
 */
export function physicalName({ Type, Properties }: Resource): string | undefined {
  if (!properties.has(Type)) properties.set(Type, nameProperty(Type));
  const property = properties.get(Type);
  const value = property === undefined ? undefined : Properties?.[property];
  return value === undefined ? undefined : JSON.stringify(value);
}

/** Types whose name must be unique only within a parent resource. A replacement of the parent is reported itself. */
const scopedNames = ['AWS::Route53::RecordSet'];

/** The name property of a type: `Name`, or the type name with `Name` or `Identifier`, if a change replaces the resource. */
function nameProperty(type: string): string | undefined {
  if (scopedNames.includes(type)) return undefined;
  specification ??= loadAwsServiceSpecSync();
  const [resource] = specification.lookup('resource', 'cloudFormationType', 'equals', type);
  const tail = type.split('::').at(-1) ?? '';
  return Object.entries(resource?.properties ?? {})
    .filter(([, { causesReplacement }]) => causesReplacement === 'yes')
    .map(([name]) => name)
    .find((name) => {
      const [, stem] = /^(.*)(?:Name|Identifier)$/.exec(name) ?? [];
      return stem !== undefined && tail.endsWith(stem);
    });
}
