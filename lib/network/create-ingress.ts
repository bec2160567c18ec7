import { type IPeer, type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { IngressConfig } from '../config/deployment-profile';
import { assertNever } from '../core/assert-never';
import type { ResourceNames } from '../core/resource-names';
import { CloudFrontPrefixList } from './cloudfront-prefix-list';

/** Who may reach the load balancer, and on which port. */
export interface Ingress {
  readonly peer: IPeer;
  readonly port: Port;
  readonly description: string;
  /** Whether everybody is admitted. */
  readonly isInternet: boolean;
  /** The group of the VPC link, where an API Gateway reaches the load balancer through one. */
  readonly vpcLinkGroup?: ISecurityGroup;
}

/** What an ingress is told. */
export interface IngressProps {
  readonly names: ResourceNames;
  readonly vpc: IVpc;
  /** Whether the load balancer has a certificate, and so listens on 443 instead of 80. */
  readonly encrypted: boolean;
}

/** The one place that knows from where each kind of ingress comes. */
export function createIngress(
  scope: Construct,
  config: IngressConfig,
  { names, vpc, encrypted }: IngressProps,
): Ingress {
  const port = encrypted ? Port.HTTPS : Port.HTTP;
  switch (config.kind) {
    case 'cloudfront': {
      const { prefixListId } = new CloudFrontPrefixList(scope, 'CloudFrontPrefixList', { names });
      return {
        peer: Peer.prefixList(prefixListId),
        port,
        description: 'CloudFront to load balancer',
        isInternet: false,
      };
    }
    case 'public-https':
      return { peer: Peer.anyIpv4(), port: Port.HTTPS, description: 'internet to load balancer', isInternet: true };
    case 'api-gateway': {
      const vpcLinkGroup = new SecurityGroup(scope, 'VpcLink', {
        vpc,
        description: 'VPC link: API Gateway to load balancer',
        securityGroupName: names.of('security-group', 'vpc-link'),
        allowAllOutbound: false,
      });
      return { peer: vpcLinkGroup, port, description: 'API Gateway to load balancer', isInternet: false, vpcLinkGroup };
    }
    default:
      return assertNever(config);
  }
}
