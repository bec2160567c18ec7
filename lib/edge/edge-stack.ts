import type { Construct } from 'constructs';
import type { ComputeResources } from '../compute/compute-resources';
import { PlatformStack, type PlatformStackProps } from '../conventions/platform-stack';

/** CloudFront's own region: its web ACL, viewer certificate and log delivery exist nowhere else. */
export const cloudFrontRegion = 'us-east-1';

/** What the edge stack is given. */
export interface EdgeStackProps extends PlatformStackProps {
  readonly compute: ComputeResources;
}

/** The fourth tier: the only way in. */
export class EdgeStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: EdgeStackProps) {
    super(scope, id, props, {
      tier: 'edge',
      description: 'Payment platform: CloudFront, web ACL, merchant console',
      region: EdgeStack.regionOf(props.settings),
    });
  }

  /** Where the edge stands: with CloudFront in CloudFront's region, otherwise at home. */
  static regionOf({ profile, region }: PlatformStackProps['settings']): string {
    return profile.site ? cloudFrontRegion : region;
  }
}
