import { join } from 'node:path';
import type { PlatformStack } from '../../lib/core/platform-stack';
import { createPlatform, type Platform } from '../../lib/platform';
import { TemplateResources } from './template-resources';
import { testApp, testSettings } from './test-app';

/** A console that needs no build. */
export const siteDirectory = join(__dirname, 'site');

/** The tiers that every profile has. */
type Tier = 'network' | 'data' | 'compute' | 'edge' | 'observability';

/** One stack with its template. */
export interface SynthesizedStack {
  /** Tier or satellite, as its name has it: `data`, `replica`. */
  readonly tier: string;
  readonly stack: PlatformStack;
  readonly resources: TemplateResources;
}

/** All stacks of one profile, with their templates. */
export interface TestPlatform {
  readonly stacks: Platform;
  readonly templates: Readonly<Record<Tier, TemplateResources>>;
  /** Every stack that the profile has, satellites included, in the order in which they are deployed. */
  readonly all: readonly SynthesizedStack[];
}

/** Synthesizes the whole platform as `-c key=value` would have it. */
export function testPlatform(context: Record<string, unknown> = {}): TestPlatform {
  const platform = createPlatform(testApp(), testSettings(context), { siteDirectory });
  const all = platform.stacks.map((stack) => ({
    tier: stack.node.id.toLowerCase(),
    stack,
    resources: new TemplateResources(stack),
  }));
  const of = (wanted: PlatformStack) => {
    const found = all.find(({ stack }) => stack === wanted);
    if (!found) throw new Error(`${wanted.stackName} is not among the stacks of its platform.`);
    return found.resources;
  };
  return {
    stacks: platform,
    all,
    templates: {
      network: of(platform.network),
      data: of(platform.data),
      compute: of(platform.compute),
      edge: of(platform.edge),
      observability: of(platform.observability),
    },
  };
}
