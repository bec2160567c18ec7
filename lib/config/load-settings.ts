import type { z } from 'zod';
import { ConfigurationError, type Problem } from './configuration-error';
import { type ContextInputs, contextInputs } from './context-inputs';
import { deploymentProfile, type DeploymentProfile, type ProfileName } from './deployment-profile';
import { platformSettings, type PlatformSettings } from './platform-settings';
import { mergeOverrides, profileFieldNames, profileOverrides, readOverrides } from './profile-overrides';
import { inputProblems } from './input-problems';
import { profileProblems } from './profile-problems';
import { nearestKey } from './unknown-keys';

/** The context of a CDK app, and what it can be read against. */
export interface SettingsSource {
  /** All context values of the app; keys that belong to CDK itself are passed over. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly profiles: Readonly<Record<ProfileName, DeploymentProfile>>;
  /** The account that the CDK CLI found, `CDK_DEFAULT_ACCOUNT`. */
  readonly cliAccount: string | undefined;
}

/**
 * Reads the context into complete settings, without network, credentials or account.
 *
 * @throws ConfigurationError with every problem at once: context keys, overrides file and the rules between them.
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

/** Context keys that resemble one of ours; the CDK CLI and other tools keep keys of their own in the same place. */
function misspeltKeys(context: Readonly<Record<string, unknown>>): Problem[] {
  const known = Object.keys(contextInputs.shape);
  return Object.entries(context).flatMap(([key, value]) => {
    if (known.includes(key) || belongsToCdk(key)) return [];
    const meant = nearestKey(key, known);
    return meant === undefined ? [] : [{ field: key, value, remedy: `there is no such key; did you mean ${meant}?` }];
  });
}

/** CDK's own keys carry a package name, a colon or a dash-and-colon (`@aws-cdk/…`, `aws:cdk:…`, `availability-zones:…`). */
function belongsToCdk(key: string): boolean {
  return key.includes(':') || key.startsWith('@') || key.startsWith('cdk-');
}

/**
 * What the rules between inputs say although some inputs are malformed, so that a second run does not bring up what the first could have said.
 *
 * A malformed input is given, but its value is unknown: a complaint about another field counts only if it holds both with and without it.
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
  const result = schema.safeParse(value);
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
      remedy: noSuchField(key),
    }));
  }
  // A member of a union is chosen by its `kind`; the complaints about the member that came closest are the useful ones.
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.reduce((best, errors) => (rank(errors) < rank(best) ? errors : best));
    return closest.flatMap((inner) => toProblems({ ...inner, path: [...issue.path, ...inner.path] }, input, prefix));
  }
  return [{ field: at(issue.path), value: valueAt(input, issue.path), remedy: issue.message }];
}

function noSuchField(key: string): string {
  const meant = nearestKey(key, profileFieldNames());
  return `there is no such field; ${meant === undefined ? 'check its spelling, or leave it out' : `did you mean ${meant}?`}`;
}

/** Complaints about the discriminant weigh most: that member was not meant. */
function rank(issues: readonly z.core.$ZodIssue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.path.at(-1) === 'kind' ? 100 : 1), 0);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}
