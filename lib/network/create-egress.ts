import { NatProvider } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { DeploymentProfile, NetworkConfig } from '../config/deployment-profile';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { assertNever } from '../core/assert-never';
import type { ResourceNames } from '../core/resource-names';
import { NatInstances } from './nat-instances';

/** How many devices translate addresses, and who makes them. */
export interface Egress {
  readonly provider: NatProvider;
  /** One a zone where there are as many as zones; fewer share. */
  readonly count: number;
  /** Makes of the devices, once the VPC has them, what the provider cannot be told. Returns how their failure shows. */
  complete(vpc: Construct, names: ResourceNames): readonly AlarmDefinition[];
}

/** The one place that knows how each kind of egress is built. */
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

/** Whether what leaves the VPC depends on one small machine a zone. */
export function hasNatInstances({ network }: DeploymentProfile): boolean {
  return network.egress.kind === 'nat-instances';
}
