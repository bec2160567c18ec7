import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Template, TemplateSet } from '../../lib/changes/template-set';
import { type Classification, classifyChanges } from '../../lib/changes/classify-changes';
import { describeChange } from '../../lib/changes/field-changes';
import { ConfigurationError } from '../../lib/config/configuration-error';
import { contextInputs } from '../../lib/config/context-inputs';
import { deploymentProfile, type ProfileName } from '../../lib/config/deployment-profile';
import { loadSettings } from '../../lib/config/load-settings';
import { mergeOverrides } from '../../lib/config/profile-overrides';
import { createPlatform } from '../../lib/platform';
import { profiles } from '../../lib/profiles';
import { fieldSamples, inputSamples } from './change-samples';
import { profileContexts } from './profile-contexts';
import { otherValues } from './schema-samples';
import { testApp } from './test-app';
import { siteDirectory } from './test-platform';

/** The effect of another value of a field in a profile. */
export interface FieldChange {
  /** A path of the profile, or `-c INPUT`. */
  readonly field: string;
  /** The templates with the other value; `undefined` where the profile accepts none. */
  readonly next: TemplateSet | undefined;
  readonly classification: Classification | undefined;
}

/** The changes of one profile's fields. */
export interface FieldChanges {
  readonly current: TemplateSet;
  readonly changes: readonly FieldChange[];
}

type Context = Readonly<Record<string, string>>;

/** One folder for all syntheses of a process: CDK stages an asset there once. */
const outdir = mkdtempSync(join(tmpdir(), 'changes-'));
process.on('exit', () => {
  rmSync(outdir, { recursive: true });
});

/** Changes each field of a profile, and each input, to another value that the profile accepts, and classifies what that does. */
export function fieldChanges(name: ProfileName): FieldChanges {
  const context = profileContexts[name] ?? {};
  const current = templates(name, context, {});
  if (!current) throw new Error(`${name} does not accept its own settings.`);
  const schema = z.toJSONSchema(deploymentProfile.omit({ name: true }), { io: 'output' });
  const fields = otherValues(schema, name, profiles, fieldSamples);
  const ofFields = fields.map(({ field, patches }) => ({
    field,
    next: firstAccepted(patches.map((patch) => () => templates(name, context, patch))),
  }));
  const ofInputs = Object.keys(contextInputs.shape).map((input) => {
    const samples = inputSamples[input];
    if (!samples) throw new Error(`The input ${input} has no sample. Add one to inputSamples.`);
    const changed = samples.map((sample) => () => templates(name, { ...context, ...sample }, {}));
    return { field: `-c ${input}`, next: firstAccepted(changed) };
  });
  const changes = [...ofFields, ...ofInputs].map(({ field, next }) => ({
    field,
    next,
    classification: next && classifyChanges(current, next),
  }));
  return { current, changes };
}

/** The table of a profile, as `field-changes.json` keeps it. */
export function describedChanges({ changes }: FieldChanges): Readonly<Record<string, string>> {
  return Object.fromEntries(changes.map(({ field, classification }) => [field, describeChange(classification)]));
}

function firstAccepted(candidates: readonly (() => TemplateSet | undefined)[]): TemplateSet | undefined {
  for (const candidate of candidates) {
    const next = candidate();
    if (next) return next;
  }
  return undefined;
}

/** The templates of a profile with these settings; `undefined` where it refuses them. */
function templates(name: ProfileName, context: Context, patch: object): TemplateSet | undefined {
  // CDK records a stack trace for each element: a tenth of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const settings = loadSettings({
      context: { environmentSuffix: 'test1', ...context },
      profiles: { ...profiles, [name]: mergeOverrides(profiles[name], patch) as (typeof profiles)[ProfileName] },
      cliAccount: undefined,
    });
    const app = testApp({ outdir, stackTraces: false, treeMetadata: false });
    createPlatform(app, settings, { siteDirectory });
    const assembly = app.synth();
    return Object.fromEntries(
      assembly.stacks.map((stack): [string, Template] => [
        `${stack.environment.region}/${stack.stackName}`,
        stack.template as Template,
      ]),
    );
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
