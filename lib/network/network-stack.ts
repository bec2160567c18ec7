import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { DenyList } from '../conventions/permissions-boundary';
import { PlatformStack, type PlatformStackProps } from '../conventions/platform-stack';

/** What the network stack is given. */
export interface NetworkStackProps extends PlatformStackProps {
  /** Every region that the platform lives in. */
  readonly regions: readonly string[];
}

/** The first tier: who may talk to whom, and the upper limit of every role. */
export class NetworkStack extends PlatformStack {
  constructor(scope: Construct, id: string, props: NetworkStackProps) {
    super(scope, id, props, {
      tier: 'network',
      description: 'Payment platform: VPC, subnets, egress, security groups',
    });
    const denyList = new DenyList(this, 'DenyList', {
      policyName: DenyList.policyName(this.names),
      regions: props.regions,
    });
    PermissionsBoundary.of(this).apply(denyList);
  }
}
