import { readFileSync } from 'node:fs';
import { parse, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { z } from 'zod';
import { ConfigurationError } from './configuration-error';
import { deploymentProfile } from './deployment-profile';

/**
 * The content of a `-c config=FILE`: the name of a profile, and overrides of its fields.
 *
 * It is derived from the schema of a profile. Objects become partial, `null` removes an optional part (JSON Merge Patch, RFC 7396), and
 * another `kind` replaces the whole part.
 */
export const profileOverrides = z.strictObject({
  $schema: z.string().optional().describe('Path of deployment-profile.schema.json, for completion in an editor.'),
  profile: deploymentProfile.shape.name.optional().describe('The profile to start from. By default, flagship.'),
  ...partialShape(deploymentProfile.omit({ name: true }).shape),
});

/** The names of all fields of a profile, at any depth. */
export function profileFieldNames(): string[] {
  const names = new Set<string>();
  const collect = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { properties } = schema as { properties?: object };
    for (const name of Object.keys(properties ?? {})) names.add(name);
    for (const part of Object.values(schema)) collect(part);
  };
  collect(z.toJSONSchema(deploymentProfile, { io: 'input' }));
  return [...names];
}

/**
 * Reads and parses an overrides file, with or without a byte-order mark. Does not validate it.
 *
 * @throws ConfigurationError when the file cannot be read or is not JSON (RFC 8259), with line and column of each error
 */
export function readOverrides(path: string): unknown {
  const refuse = (messages: readonly string[]): never => {
    throw new ConfigurationError(messages.map((message) => ({ field: 'config', value: path, message })));
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    return refuse([`The file cannot be read (${code}). Check the path.`]);
  }
  const errors: ParseError[] = [];
  const content = parse(text, errors, { disallowComments: true }) as unknown;
  if (errors.length > 0) refuse(errors.map((error) => syntaxError(text, error)));
  return content;
}

function syntaxError(text: string, { error, offset }: ParseError): string {
  const before = text.slice(0, offset).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return printParseErrorCode(error) === 'InvalidCommentToken'
    ? `JSON does not allow comments. Remove the comment at ${place}.`
    : `The file is not valid JSON: ${printParseErrorCode(error)} at ${place}. Correct the file there.`;
}

/** Applies overrides to a profile as a JSON Merge Patch, except that a part with another `kind` is replaced as a whole. */
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
        ? describedAs(type.description, partial(type.unwrap() as z.ZodType).nullable()).optional()
        : partial(type as z.ZodType).optional(),
    ]),
  );
}

function describedAs(description: string | undefined, type: z.ZodType): z.ZodType {
  return description === undefined ? type : type.describe(description);
}

function partial(type: z.ZodType): z.ZodType {
  return describedAs(type.description, loosen(type));
}

function loosen(type: z.ZodType): z.ZodType {
  // A field that the file omits keeps the value of the profile, not the default of the schema.
  if (type instanceof z.ZodDefault || type instanceof z.ZodPrefault) return partial(type.unwrap() as z.ZodType);
  if (type instanceof z.ZodObject) return z.strictObject(partialShape(type.shape));
  if (type instanceof z.ZodDiscriminatedUnion)
    return z.union(type.options.map((option) => partial(option as z.ZodType)));
  return type;
}
