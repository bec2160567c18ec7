import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error';
import { deploymentProfile } from './deployment-profile';

/**
 * What a `-c config=FILE` may hold: the name of a profile to start from, and any of its fields.
 *
 * Derived from the profile's own definition: objects become partial, `null` removes an optional part (JSON Merge Patch, RFC 7396),
 * and naming another `kind` replaces that whole part.
 */
export const profileOverrides = z.strictObject({
  $schema: z.string().optional().describe('Path of deployment-profile.schema.json, for completion in an editor.'),
  profile: deploymentProfile.shape.name.optional().describe('The profile to start from; flagship when left out.'),
  ...partialShape(deploymentProfile.omit({ name: true }).shape),
});

/**
 * Reads an overrides file. Its content is parsed, not yet checked.
 *
 * @throws ConfigurationError when the file cannot be read or is not JSON.
 */
export function readOverrides(path: string): unknown {
  const refuse = (remedy: string): never => {
    throw new ConfigurationError([{ field: 'config', value: path, remedy }]);
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return refuse(
      `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); check the path`,
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    return refuse(`the file is not JSON (${(error as Error).message}); mend it there`);
  }
}

/** Applies overrides to a profile: a merge patch, except that a part of another `kind` is replaced as a whole. */
export function mergeOverrides(base: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const replaced = isRecord(base) && 'kind' in patch && patch['kind'] !== base['kind'];
  const kept = isRecord(base) && !replaced ? base : {};
  const changed = Object.entries(patch).map(([field, value]) => [
    field,
    value === null ? undefined : mergeOverrides(kept[field], value),
  ]);
  return Object.fromEntries(
    Object.entries({ ...kept, ...(Object.fromEntries(changed) as object) }).filter(([, value]) => value !== undefined),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function partialShape(shape: z.ZodRawShape): z.ZodRawShape {
  return Object.fromEntries(
    Object.entries(shape).map(([field, type]) => [
      field,
      type instanceof z.ZodOptional
        ? partial(type.unwrap() as z.ZodType)
            .nullable()
            .optional()
        : partial(type as z.ZodType).optional(),
    ]),
  );
}

function partial(type: z.ZodType): z.ZodType {
  const { description } = type;
  const loosened = loosen(type);
  return description === undefined ? loosened : loosened.describe(description);
}

function loosen(type: z.ZodType): z.ZodType {
  if (type instanceof z.ZodObject) return z.strictObject(partialShape(type.shape));
  if (type instanceof z.ZodDiscriminatedUnion)
    return z.union(type.options.map((option) => partial(option as z.ZodType)));
  return type;
}
