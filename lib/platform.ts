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

/** Options of synthesis besides the settings. */
export interface PlatformOptions {
  /** The directory of the built console. @default - built from `frontend/` if its sources have changed */
  readonly siteDirectory?: string;
}

/** The stacks of one environment: five tiers, and the document replica in another region. */
export interface Platform {
  /** All stacks in deployment order. */
  readonly stacks: readonly PlatformStack[];
  readonly network: NetworkStack;
  /** `undefined` if the profile stores no documents. */
  readonly replica: DocumentReplicaStack | undefined;
  readonly data: DataStack;
  readonly compute: ComputeStack;
  readonly edge: EdgeStack;
  readonly observability: ObservabilityStack;
}

/**
 * Creates the stacks of the platform in dependency order. Each receives the resources of the stacks below it.
 */
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

  // Weak references create no dependency between stacks. This orders their creation and deletion.
  const stacks = [network, replica, data, compute, edge, observability].filter((stack) => stack !== undefined);
  stacks.reduce((below, stack) => {
    stack.addStackDependency(below);
    PermissionsBoundary.applyByName(stack, PermissionsBoundary.policyName(stack.names));
    return stack;
  });
  return { stacks, network, replica, data, compute, edge, observability };
}
