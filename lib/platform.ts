import type { App } from 'aws-cdk-lib';
import type { PlatformSettings } from './config/platform-settings';
import { DenyList } from './conventions/permissions-boundary';
import { ComputeStack } from './compute/compute-stack';
import { DataStack } from './data/data-stack';
import { EdgeStack } from './edge/edge-stack';
import { NetworkStack } from './network/network-stack';

/** The map of the platform: the five tiers in dependency order, each given the ones below that it uses. */
export function createPlatform(app: App, settings: PlatformSettings): void {
  const regions = [...new Set([settings.region, EdgeStack.regionOf(settings)])];
  const network = new NetworkStack(app, 'Network', { settings, regions });
  const data = new DataStack(app, 'Data', { settings, network });
  const compute = new ComputeStack(app, 'Compute', { settings, network, data });

  // Weak references between stacks order nothing by themselves; this does, in both directions of life.
  data.addStackDependency(network);
  compute.addStackDependency(data);
  for (const stack of [data, compute]) DenyList.applyTo(stack, DenyList.policyName(stack.names));
}
