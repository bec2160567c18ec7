import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Resource } from './template-set';

// Loading the specification takes a second each time.
let specification: ReturnType<typeof loadAwsServiceSpecSync> | undefined;
const properties = new Map<string, string | undefined>();

/**
 * The fixed physical name of a resource; `undefined` where CloudFormation chooses one.
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

/** Types whose name need only be unique within another resource, whose replacement is reported itself. */
const scopedNames = ['AWS::Route53::RecordSet'];

/** `Name`, or the type's own name followed by `Name` or `Identifier`, where a new value replaces the resource. */
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
