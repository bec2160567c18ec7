import type { IPeer, ISecurityGroup, IVpc, Port } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { ResourceNames } from '../core/resource-names';
import type { ListenerAccess } from './listener-access';

/**
 * How requests reach the load balancer.
 *
 * Each kind of `ingress` is one class; `createIngress` chooses it. The network tier and the compute tier bind it to what they own, and
 * never ask which kind it is.
 */
export interface IIngress {
  /**
   * Called by the network tier.
   *
   * @param scope the network stack
   */
  bindToFirewall(scope: Construct, props: FirewallBindingProps): IngressPeer;
  /**
   * Called by the compute tier.
   *
   * @param scope the compute stack
   */
  bindToListener(scope: Construct, props: ListenerBindingProps): ListenerAccess;
}

/** What the network tier tells an ingress. */
export interface FirewallBindingProps {
  readonly names: ResourceNames;
  readonly vpc: IVpc;
  /** Where the load balancer listens: 443 with a certificate, otherwise 80. */
  readonly port: Port;
}

/** Who may reach the load balancer, and on which port. */
export interface IngressPeer {
  readonly peer: IPeer;
  readonly port: Port;
  readonly description: string;
  /** Whether everybody is admitted. */
  readonly isInternet: boolean;
  /** The group of the VPC link, where an API Gateway reaches the load balancer through one. */
  readonly vpcLinkGroup?: ISecurityGroup;
}

/** What the compute tier tells an ingress. */
export interface ListenerBindingProps {
  readonly names: ResourceNames;
  /** Encrypts secrets. */
  readonly secretsKey: IKey;
}
