import type { FieldSchema } from '../../lib/config/configuration-page';
import type { DeploymentProfile, ProfileName } from '../../lib/config/deployment-profile';

/** A field and patches that change only this field. Callers skip patches that a profile refuses. */
export interface FieldCandidates {
  readonly field: string;
  readonly patches: readonly object[];
}

type Samples = Readonly<Record<string, readonly unknown[]>>;
type Part = Readonly<Record<string, unknown>>;

/**
 * Every field of `profile` with other values for it: from its type and limits, from the other profiles, or from `samples` where
 * the schema cannot say one.
 *
 * @throws where a field has none
 */
export function otherValues(
  schema: object,
  profile: ProfileName,
  profiles: Readonly<Record<ProfileName, DeploymentProfile>>,
  samples: Samples,
): FieldCandidates[] {
  const { [profile]: own, ...others } = profiles;
  return walk(schema, [], own, Object.values(others), samples);
}

function walk(
  schema: FieldSchema,
  path: readonly string[],
  value: unknown,
  elsewhere: readonly unknown[],
  samples: Samples,
): FieldCandidates[] {
  const field = path.join('.');
  const candidates = (values: readonly unknown[]): FieldCandidates => {
    const patches = values.filter((other) => !isSame(other, value)).map((other) => patchOf(path, other));
    if (patches.length === 0)
      throw new Error(`${field} has no other value than ${JSON.stringify(value)}. Add a sample.`);
    return { field, patches };
  };
  const variants = schema.oneOf ?? (schema.anyOf?.every(({ properties }) => properties) ? schema.anyOf : undefined);
  if (variants) {
    const kind = (value as Part)['kind'];
    const own = variants.find((variant) => variant.properties?.['kind']?.const === kind);
    if (!own) throw new Error(`${field} is of the unknown kind ${String(kind)}.`);
    const { kind: _, ...properties } = own.properties ?? {};
    const other = [
      ...elsewhere.filter((part) => (part as Part | undefined)?.['kind'] !== kind && part !== undefined),
      ...variants.filter((variant) => variant !== own).map((variant) => smallest(variant, value as Part, samples)),
    ].filter((part) => part !== undefined);
    const ofKind =
      variants.length > 1 ? [{ field: `${field}.kind`, patches: other.map((part) => patchOf(path, part)) }] : [];
    return [...ofKind, ...walk({ ...own, properties }, path, value, elsewhere, samples)];
  }
  if (schema.properties) {
    return Object.entries(schema.properties).flatMap(([name, inner]) => {
      const isOptional = !schema.required?.includes(name);
      const [innerPath, innerValue] = [[...path, name], (value as Part)[name]];
      const innerElsewhere = elsewhere.map((part) => (part as Part | undefined)?.[name]);
      const known = samples[innerPath.join('.')] ?? [];
      if (isOptional && innerValue === undefined) {
        const values = [...known, ...innerElsewhere.filter((part) => part !== undefined)];
        if (values.length === 0) throw new Error(`${innerPath.join('.')} is in no profile. Add a sample.`);
        return [{ field: innerPath.join('.'), patches: values.map((part) => patchOf(innerPath, part)) }];
      }
      const removal = isOptional
        ? [{ field: `${innerPath.join('.')} (removed)`, patches: [patchOf(innerPath, null)] }]
        : [];
      return [...removal, ...walk(inner, innerPath, innerValue, innerElsewhere, samples)];
    });
  }
  const known = samples[field];
  if (known) return [candidates(known)];
  if (schema.enum) return [candidates(schema.enum)];
  if (schema.anyOf) return [candidates(schema.anyOf.map((variant) => variant.const))];
  if (schema.type === 'boolean') return [candidates([!(value as boolean)])];
  if (schema.type === 'integer' || schema.type === 'number') return [candidates(numbers(schema, value as number))];
  return [candidates([])];
}

/** Other numbers within the limits, the nearest first. */
function numbers({ minimum = -Infinity, maximum = Infinity }: FieldSchema, value: number): number[] {
  return [value + 1, value - 1, value * 2, value / 2, minimum, maximum].filter(
    (other) => Number.isFinite(other) && other >= minimum && other <= maximum,
  );
}

/** The variant with the fields that it shares with `value` and otherwise minimum numbers; `undefined` if fields are missing. */
function smallest(variant: FieldSchema, value: Part, samples: Samples): Part | undefined {
  const entries = Object.entries(variant.properties ?? {}).map(([name, inner]): [string, unknown] => [
    name,
    inner.const ?? value[name] ?? samples[name]?.[0] ?? inner.enum?.[0] ?? inner.minimum,
  ]);
  return entries.every(([, part]) => part !== undefined) ? Object.fromEntries(entries) : undefined;
}

function patchOf(path: readonly string[], value: unknown): object {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
