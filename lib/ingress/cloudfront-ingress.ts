import { Peer } from 'aws-cdk-lib/aws-ec2';
import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import { GeneratedSecret } from '../constructs/generated-secret';
import { referToWeakly } from '../core/reference-strength';
import { CloudFrontPrefixList } from './cloudfront-prefix-list';
import type { FirewallBindingProps, IIngress, IngressPeer, ListenerBindingProps } from './ingress';
import type { ListenerAccess } from './listener-access';

/** CloudFront alone reaches the load balancer, and proves itself by a secret header. */
export class CloudFrontIngress implements IIngress {
  readonly #secretGeneration: number;

  /** @param secretGeneration a higher one replaces the secret header without an interruption */
  constructor(secretGeneration: number) {
    this.#secretGeneration = secretGeneration;
  }

  bindToFirewall(scope: Construct, { names, port }: FirewallBindingProps): IngressPeer {
    const { prefixListId } = new CloudFrontPrefixList(scope, 'CloudFrontPrefixList', { names });
    return {
      peer: Peer.prefixList(prefixListId),
      port,
      description: 'CloudFront to load balancer',
      isInternet: false,
    };
  }

  bindToListener(scope: Construct, { names, secretsKey }: ListenerBindingProps): ListenerAccess {
    const secretOf = (generation: number) => {
      const suffix = generation === 1 ? '' : String(generation);
      const secret = new GeneratedSecret(scope, `OriginSecret${suffix}`, {
        secretName: names.of('secret', `origin${suffix}`),
        description: 'Header value that the load balancer requires from CloudFront; it rejects other requests with 403',
        key: secretsKey,
        withoutRotation:
          'Edge and load balancer must change in order; originSecretGeneration replaces it without an interruption.',
      });
      // The edge names the generation; a strong reference would keep this stack from passing on to the next one.
      referToWeakly(secret);
      return secret;
    };
    const secret = secretOf(this.#secretGeneration);
    // CloudFront sends the former value until the Edge stack is updated, after this one.
    const former = this.#secretGeneration > 1 ? [secretOf(this.#secretGeneration - 1)] : [];
    const name = 'x-origin-verify';
    return {
      // Dynamic references: CloudFormation reads the values when it makes the rule, and no template holds them.
      condition: ListenerCondition.httpHeader(
        name,
        [secret, ...former].map(({ secretValue }) => secretValue.unsafeUnwrap()),
      ),
      isInternetFacing: true,
      from: 'CloudFront',
      secretHeader: { name, secret },
      hostLabel: 'origin',
    };
  }
}
