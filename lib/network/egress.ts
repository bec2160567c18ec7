import { NatProvider } from 'aws-cdk-lib/aws-ec2';
import { UnbuiltVariantError } from '../config/configuration-error';
import type { EgressConfig } from '../config/deployment-profile';
import { assertNever } from '../conventions/assert-never';

/** How many devices translate addresses, and who makes them. */
export interface Egress {
  readonly provider: NatProvider;
  /** One a zone where there are as many as zones; fewer share. */
  readonly count: number;
}

/** The one place that knows how each kind of egress is built. */
export function createEgress(config: EgressConfig): Egress {
  switch (config.kind) {
    case 'nat-gateways':
      return { provider: NatProvider.gateway(), count: config.count };
    case 'nat-instances':
      throw new UnbuiltVariantError('network.egress.kind', config.kind, ['nat-gateways']);
    default:
      return assertNever(config);
  }
}
