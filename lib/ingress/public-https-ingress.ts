import { Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IIngress, IngressPeer } from './ingress';
import type { ListenerAccess } from './listener-access';

/** The internet reaches the load balancer itself, by HTTPS only. */
export class PublicHttpsIngress implements IIngress {
  readonly #hostLabel: ListenerAccess['hostLabel'];

  /** @param hostLabel the load balancer's label before the domain; `undefined` where it serves the domain itself */
  constructor(hostLabel: ListenerAccess['hostLabel']) {
    this.#hostLabel = hostLabel;
  }

  bindToFirewall(): IngressPeer {
    return { peer: Peer.anyIpv4(), port: Port.HTTPS, description: 'internet to load balancer', isInternet: true };
  }

  bindToListener(): ListenerAccess {
    return {
      condition: ListenerCondition.pathPatterns(['/api/*', '/health', '/ready']),
      isInternetFacing: true,
      from: 'the internet',
      secretHeader: undefined,
      hostLabel: this.#hostLabel,
    };
  }
}
