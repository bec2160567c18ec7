import { NatProvider } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { DeploymentProfile, NetworkConfig } from '../config/deployment-profile';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { assertNever } from '../core/assert-never';
import type { ResourceNames } from '../core/resource-names';
import { NatInstances } from './nat-instances';

/** The NAT devices of a VPC. */
export interface Egress {
  readonly provider: NatProvider;
  /** Number of NAT devices. With fewer than zones, zones share them. */
  readonly count: number;
  /** Configures the devices after the VPC has created them, as far as the provider has no options for it. Returns their alarms. */
  complete(vpc: Construct, names: ResourceNames): readonly AlarmDefinition[];
}

/** Creates the egress of a profile. */
export function createEgress({ egress, cidr, availabilityZoneCount }: NetworkConfig): Egress {
  switch (egress.kind) {
    case 'nat-gateways':
      return { provider: NatProvider.gateway(), count: egress.count, complete: () => [] };
    case 'nat-instances': {
      const provider = NatInstances.provider(egress.instanceType);
      return {
        provider,
        count: availabilityZoneCount,
        complete: (vpc, names) => new NatInstances(vpc, 'NatInstances', { provider, cidr, names }).alarms,
      };
    }
    default:
      return assertNever(egress);
  }
}

export function hasNatInstances({ network }: DeploymentProfile): boolean {
  return network.egress.kind === 'nat-instances';
}
