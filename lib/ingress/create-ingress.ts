import { type IPeer, type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { IngressConfig } from '../config/deployment-profile';
import { assertNever } from '../core/assert-never';
import type { ResourceNames } from '../core/resource-names';
import { CloudFrontPrefixList } from './cloudfront-prefix-list';

/** The peer that may reach the load balancer, and the port. */
export interface Ingress {
  readonly peer: IPeer;
  readonly port: Port;
  readonly description: string;
  /** Whether the peer is the whole internet. */
  readonly isInternet: boolean;
  /** The security group of the VPC link of an API Gateway. @default - there is no VPC link */
  readonly vpcLinkGroup?: ISecurityGroup;
}

export interface IngressProps {
  readonly names: ResourceNames;
  readonly vpc: IVpc;
  /** Whether the load balancer has a certificate and listens on port 443 instead of 80. */
  readonly encrypted: boolean;
}

/** Creates the ingress of a profile. */
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
