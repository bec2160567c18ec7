import type { Construct } from 'constructs';
import { PlatformStack, type PlatformStackProps } from '../conventions/platform-stack';
import type { DataResources } from '../data/data-resources';
import type { NetworkResources } from '../network/network-resources';

/** What the compute stack is given. */
export interface ComputeStackProps extends PlatformStackProps {
  readonly network: NetworkResources;
  readonly data: DataResources;
}

/** The third tier: the API, its load balancer and how a new version replaces the running one. */
export class ComputeStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: ComputeStackProps) {
    super(scope, id, props, {
      tier: 'compute',
      description: 'Payment platform: API service, load balancer, deployment',
    });
  }
}
