import { Peer, Port, type IPeer } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { UnbuiltVariantError } from '../config/configuration-error';
import type { IngressConfig } from '../config/deployment-profile';
import { assertNever } from '../conventions/assert-never';
import type { ResourceNames } from '../conventions/resource-names';
import { CloudFrontPrefixList } from './cloudfront-prefix-list';

/** Who may reach the load balancer, and on which port. */
export interface Ingress {
  readonly peer: IPeer;
  readonly port: Port;
  readonly description: string;
  /** Whether everybody is admitted. */
  readonly isInternet: boolean;
}

/**
 * The one place that knows from where each kind of ingress comes.
 *
 * @param encrypted whether the load balancer has a certificate, and so listens on 443 instead of 80
 */
export function createIngress(
  scope: Construct,
  config: IngressConfig,
  encrypted: boolean,
  names: ResourceNames,
): Ingress {
  switch (config.kind) {
    case 'cloudfront': {
      const { prefixListId } = new CloudFrontPrefixList(scope, 'CloudFrontPrefixList', { names });
      return {
        peer: Peer.prefixList(prefixListId),
        port: encrypted ? Port.HTTPS : Port.HTTP,
        description: 'CloudFront to load balancer',
        isInternet: false,
      };
    }
    case 'public-https':
      return { peer: Peer.anyIpv4(), port: Port.HTTPS, description: 'internet to load balancer', isInternet: true };
    case 'api-gateway':
      throw new UnbuiltVariantError('ingress.kind', config.kind, ['cloudfront', 'public-https']);
    default:
      return assertNever(config);
  }
}
