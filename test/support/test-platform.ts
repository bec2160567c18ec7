import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { PlatformStack } from '../../lib/core/platform-stack';
import { createPlatform, type Platform } from '../../lib/platform';
import { storedOnce } from './stored-once';
import { TemplateResources } from './template-resources';
import { testApp, testSettings } from './test-app';

/** A console that needs no build. */
export const siteDirectory = join(__dirname, 'site');

/** The tiers that every profile has. */
const tiers = ['network', 'data', 'compute', 'edge', 'observability'] as const;
type Tier = (typeof tiers)[number];

/** One stack with its template. */
export interface SynthesizedStack {
  /** Tier or satellite, as its name has it: `data`, `replica`. */
  readonly tier: string;
  readonly stackName: string;
  readonly region: string;
  readonly resources: TemplateResources;
}

/** All stacks of one profile, with their templates. */
export interface TestPlatform {
  /** The constructs. They are created when they are first read, because most tests need only templates. */
  readonly stacks: Platform;
  readonly templates: Readonly<Record<Tier, TemplateResources>>;
  /** Every stack that the profile has, satellites included, in the order in which they are deployed. */
  readonly all: readonly SynthesizedStack[];
}

/** Synthesizes the whole platform as `-c key=value` would have it. Test files of one run share the templates of a context. */
export function testPlatform(context: Readonly<Record<string, unknown>> = {}): TestPlatform {
  let platform: Platform | undefined;
  const constructs = () => (platform ??= createPlatform(testApp(), testSettings(context), { siteDirectory }));
  const stored = storedOnce(context, () => constructs().stacks.map(synthesized));
  const all = stored.map(({ template, ...stack }) => ({
    ...stack,
    resources: new TemplateResources(Template.fromJSON(template)),
  }));
  const of = (tier: Tier): [Tier, TemplateResources] => {
    const found = all.find((stack) => stack.tier === tier);
    if (!found) throw new Error(`The platform has no stack of the tier ${tier}.`);
    return [tier, found.resources];
  };
  return {
    get stacks() {
      return constructs();
    },
    all,
    templates: Object.fromEntries(tiers.map(of)) as Record<Tier, TemplateResources>,
  };
}

const synthesized = (stack: PlatformStack) => ({
  tier: stack.node.id.toLowerCase(),
  stackName: stack.stackName,
  region: stack.region,
  template: Template.fromStack(stack).toJSON(),
});
