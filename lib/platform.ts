import type { App } from 'aws-cdk-lib';
import { ComputeStack } from './compute/compute-stack';
import type { PlatformSettings } from './config/platform-settings';
import { refuseUnbuiltParts } from './config/unbuilt-parts';
import { DenyList } from './conventions/permissions-boundary';
import { DataStack } from './data/data-stack';
import { EdgeStack } from './edge/edge-stack';
import { NetworkStack } from './network/network-stack';
import { ObservabilityStack } from './observability/observability-stack';

/** What synthesis may be told beyond the settings. */
export interface PlatformOptions {
  /** The folder with the built console. @default - built from `frontend/` when its sources have changed */
  readonly siteDirectory?: string;
}

/** The five stacks of one platform. */
export interface Platform {
  readonly network: NetworkStack;
  readonly data: DataStack;
  readonly compute: ComputeStack;
  readonly edge: EdgeStack;
  readonly observability: ObservabilityStack;
}

/**
 * The map of the platform: the five tiers in dependency order, each given the ones below that it uses.
 *
 * @throws ConfigurationError when the profile asks for what is not built yet
 */
export function createPlatform(app: App, settings: PlatformSettings, options: PlatformOptions = {}): Platform {
  refuseUnbuiltParts(settings.profile);
  const regions = [...new Set([settings.region, EdgeStack.regionOf(settings)])];
  const network = new NetworkStack(app, 'Network', { settings, regions });
  const data = new DataStack(app, 'Data', { settings, network });
  const compute = new ComputeStack(app, 'Compute', { settings, network, data });
  const edge = new EdgeStack(app, 'Edge', { settings, network, compute, ...options });
  const observability = new ObservabilityStack(app, 'Observability', { settings, network, data, compute, edge });

  // Weak references between stacks order nothing by themselves; this does, in both directions of life.
  data.addStackDependency(network);
  compute.addStackDependency(data);
  edge.addStackDependency(compute);
  observability.addStackDependency(edge);
  for (const stack of [data, compute, edge, observability]) DenyList.applyTo(stack, DenyList.policyName(stack.names));
  return { network, data, compute, edge, observability };
}
