import type { App } from 'aws-cdk-lib';
import { ComputeStack } from './compute/compute-stack';
import type { PlatformSettings } from './config/platform-settings';
import { PermissionsBoundary } from './core/permissions-boundary';
import type { PlatformStack } from './core/platform-stack';
import { DataStack } from './data/data-stack';
import { DocumentReplicaStack } from './data/documents/document-replica-stack';
import { EdgeStack } from './edge/edge-stack';
import { NetworkStack } from './network/network-stack';
import { ObservabilityStack } from './observability/observability-stack';

/** What synthesis may be told beyond the settings. */
export interface PlatformOptions {
  /** The folder with the built console. @default - built from `frontend/` when its sources have changed */
  readonly siteDirectory?: string;
}

/** The stacks of one platform: five tiers, and the satellites that stand in another region. */
export interface Platform {
  /** All of them, in the order in which they are deployed. */
  readonly stacks: readonly PlatformStack[];
  readonly network: NetworkStack;
  /** Where the documents are kept once more; `undefined` where there are none. */
  readonly replica: DocumentReplicaStack | undefined;
  readonly data: DataStack;
  readonly compute: ComputeStack;
  readonly edge: EdgeStack;
  readonly observability: ObservabilityStack;
}

/** The map of the platform: the five tiers in dependency order, each given the ones below that it uses. */
export function createPlatform(app: App, settings: PlatformSettings, options: PlatformOptions = {}): Platform {
  const { documents } = settings.profile;
  const regions = [settings.region, EdgeStack.regionOf(settings), ...(documents ? [documents.replicaRegion] : [])];
  const network = new NetworkStack(app, 'Network', { settings, regions: [...new Set(regions)] });
  const replica = documents && new DocumentReplicaStack(app, 'Replica', { settings, config: documents });
  const data = new DataStack(app, 'Data', { settings, network, replica });
  const compute = new ComputeStack(app, 'Compute', { settings, network, data });
  const edge = new EdgeStack(app, 'Edge', { settings, network, compute, documents: data.documents, ...options });
  const observability = new ObservabilityStack(app, 'Observability', {
    settings,
    network,
    data,
    compute,
    edge,
    replica,
  });

  // References order only the stacks that they connect. This orders all of them, for deployment and destruction.
  const stacks = [network, replica, data, compute, edge, observability].filter((stack) => stack !== undefined);
  stacks.reduce((below, stack) => {
    stack.addStackDependency(below);
    PermissionsBoundary.applyByName(stack, PermissionsBoundary.policyName(stack.names));
    return stack;
  });
  return { stacks, network, replica, data, compute, edge, observability };
}
