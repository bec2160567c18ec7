import type { z } from 'zod';
import { ConfigurationError, type Problem } from './configuration-error';
import { type ContextInputs, contextInputs } from './context-inputs';
import { deploymentProfile, type DeploymentProfile, type ProfileName } from './deployment-profile';
import { platformSettings, type PlatformSettings } from './platform-settings';
import { mergeOverrides, profileFieldNames, profileOverrides, readOverrides } from './profile-overrides';
import { inputProblems } from './input-problems';
import { profileProblems } from './profile-problems';
import { schemaMessage, useOneOf } from './schema-messages';
import { nearestKey } from './unknown-keys';

/** The sources of the settings. */
export interface SettingsSource {
  /** All context values of the app. Keys of the CDK are ignored. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly profiles: Readonly<Record<ProfileName, DeploymentProfile>>;
  /** The account of the CDK CLI's credentials, from `CDK_DEFAULT_ACCOUNT`. */
  readonly cliAccount: string | undefined;
}

/**
 * Reads and validates the settings. Needs no network access, credentials or account.
 *
 * @throws ConfigurationError with all problems: of context keys, of the overrides file and between them.
 */
export function loadSettings({ context, profiles, cliAccount }: SettingsSource): PlatformSettings {
  const problems: Problem[] = misspeltKeys(context);
  const inputs = parse(contextInputs, context, problems);
  const profile = selectProfile(context, profiles, problems);
  if (profile) {
    problems.push(...profileProblems(profile));
    const known = new Set(problems.map(({ field }) => field));
    const further = inputs ? inputProblems(profile, inputs) : problemsOfReadableInputs(profile, context);
    problems.push(...further.filter(({ field }) => !known.has(field)));
  }
  if (!inputs || !profile || problems.length > 0) throw new ConfigurationError(problems);
  return platformSettings(profile, inputs, cliAccount);
}

/** Context keys that resemble a known one. Other unknown keys may belong to the CDK CLI or to another tool. */
function misspeltKeys(context: Readonly<Record<string, unknown>>): Problem[] {
  const known = Object.keys(contextInputs.shape);
  return Object.entries(context).flatMap(([key, value]) => {
    if (known.includes(key) || belongsToCdk(key)) return [];
    const meant = nearestKey(key, known);
    return meant === undefined ? [] : [{ field: key, value, message: `This key is unknown. Did you mean ${meant}?` }];
  });
}

/** Whether a key is one of the CDK's: `@aws-cdk/…`, `aws:cdk:…`, `availability-zones:…`, `cdk-…`. */
function belongsToCdk(key: string): boolean {
  return key.includes(':') || key.startsWith('@') || key.startsWith('cdk-');
}

/**
 * Problems between inputs when some inputs are malformed, so that one run lists as many problems as possible.
 *
 * The value of a malformed input is unknown. A problem of another field therefore counts only if it exists with and without that input.
 */
function problemsOfReadableInputs(profile: DeploymentProfile, context: Readonly<Record<string, unknown>>): Problem[] {
  const read = Object.entries(contextInputs.shape).map(([key, type]) => ({ key, ...type.safeParse(context[key]) }));
  const readable = Object.fromEntries(read.flatMap(({ key, data }) => (data === undefined ? [] : [[key, data]])));
  const malformed = Object.fromEntries(
    read.flatMap(({ key, success }) => (success || typeof context[key] !== 'string' ? [] : [[key, context[key]]])),
  );
  const without = inputProblems(profile, readable as ContextInputs);
  const given = new Set(
    inputProblems(profile, { ...malformed, ...readable } as ContextInputs).map(({ field }) => field),
  );
  return without.filter(({ field }) => given.has(field));
}

function selectProfile(
  own: Record<string, unknown>,
  profiles: SettingsSource['profiles'],
  problems: Problem[],
): DeploymentProfile | undefined {
  const named = contextInputs.shape.profile.safeParse(own['profile']);
  if (!named.success) return undefined;
  const path = contextInputs.shape.config.safeParse(own['config']).data;
  const overrides =
    path === undefined ? {} : parse(profileOverrides, readOverrides(path), problems, `config ${path}: `);
  if (!overrides) return undefined;
  const { $schema: _, profile: fileProfile, ...patch } = overrides as Record<string, unknown>;
  const name = own['profile'] === undefined ? ((fileProfile as ProfileName | undefined) ?? named.data) : named.data;
  return parse(deploymentProfile, mergeOverrides(profiles[name], patch), problems);
}

function parse<T extends z.ZodType>(
  schema: T,
  value: unknown,
  problems: Problem[],
  prefix = '',
): z.output<T> | undefined {
  const result = schema.safeParse(value, { error: schemaMessage });
  if (result.success) return result.data;
  problems.push(...result.error.issues.flatMap((issue) => toProblems(issue, value, prefix)));
  return undefined;
}

function toProblems(issue: z.core.$ZodIssue, input: unknown, prefix: string): Problem[] {
  const at = (path: readonly PropertyKey[]) => prefix + (path.map(String).join('.') || 'the file');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: at([...issue.path, key]),
      value: valueAt(input, [...issue.path, key]),
      message: unknownField(key),
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const kinds = issue.errors.map(expectedKind);
    if (kinds.every((kind) => kind !== undefined)) {
      const path = [...issue.path, 'kind'];
      return [{ field: at(path), value: valueAt(input, path), message: useOneOf(kinds) }];
    }
    // The issues of the member whose `kind` was passed are the useful ones.
    const closest = issue.errors.reduce((best, errors) => (rank(errors) < rank(best) ? errors : best));
    return closest.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }, input, prefix));
  }
  return [{ field: at(issue.path), value: valueAt(input, issue.path), message: issue.message }];
}

function unknownField(key: string): string {
  const meant = nearestKey(key, profileFieldNames());
  return `This field is unknown. ${meant === undefined ? 'Check its spelling, or remove it.' : `Did you mean ${meant}?`}`;
}

/** The `kind` that a member of a union requires, if the value has another one. */
function expectedKind(issues: readonly z.core.$ZodIssue[]): unknown {
  const mismatch = issues.find(({ code, path }) => code === 'invalid_value' && path.length === 1 && path[0] === 'kind');
  return mismatch?.code === 'invalid_value' ? mismatch.values[0] : undefined;
}

/** How far a value is from a member of a union. A wrong `kind` weighs most. */
function rank(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.path.at(-1) === 'kind' ? 100 : 1), 0);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}
