import type { Construct } from 'constructs';
import type { ComputeResources } from '../compute/compute-resources';
import { PlatformStack, type PlatformStackProps } from '../conventions/platform-stack';
import type { DataResources } from '../data/data-resources';
import type { EdgeResources } from '../edge/edge-resources';

/** What the observability stack is given: every tier that can fail. */
export interface ObservabilityStackProps extends PlatformStackProps {
  readonly data: DataResources;
  readonly compute: ComputeResources;
  readonly edge: EdgeResources;
}

/** The last tier: who is told what, and where it can be seen. */
export class ObservabilityStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: ObservabilityStackProps) {
    super(scope, id, props, {
      tier: 'observability',
      description: 'Payment platform: alarms, notifications, dashboard',
    });
  }
}
