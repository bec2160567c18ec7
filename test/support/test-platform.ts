import { join } from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { createPlatform, type Platform } from '../../lib/platform';
import { TemplateResources } from './template-resources';
import { testApp, testSettings } from './test-app';

/** A console that needs no build. */
export const siteDirectory = join(__dirname, 'site');

export type Tier = keyof Platform;

/** The tiers, in the order in which they are deployed. */
export const tiers = ['network', 'data', 'compute', 'edge', 'observability'] as const satisfies readonly Tier[];

/** All five stacks of one profile, with their templates. */
export interface TestPlatform {
  readonly stacks: Platform;
  readonly templates: Readonly<Record<Tier, TemplateResources>>;
}

/** Synthesizes the whole platform as `-c key=value` would have it. */
export function testPlatform(context: Record<string, unknown> = {}): TestPlatform {
  const stacks = createPlatform(testApp(), testSettings(context), { siteDirectory });
  const of = (stack: Stack) => new TemplateResources(stack);
  return {
    stacks,
    templates: {
      network: of(stacks.network),
      data: of(stacks.data),
      compute: of(stacks.compute),
      edge: of(stacks.edge),
      observability: of(stacks.observability),
    },
  };
}
