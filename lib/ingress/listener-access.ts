import type { CfnListenerRule, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';

/** A header whose value only the load balancer and the edge know. */
export interface SecretHeader {
  readonly name: string;
  /** Holds the header's value as its whole secret string; in the home region. */
  readonly secret: ISecret;
}

/** The requests that the load balancer forwards to the API. It returns 403 for all others. */
export interface ListenerAccess {
  readonly condition: ListenerCondition;
  /** Whether the load balancer is internet-facing instead of internal. */
  readonly isInternetFacing: boolean;
  /** The source of its requests, for messages. */
  readonly from: string;
  /** Transforms of the listener rule. @default - none */
  readonly transforms?: CfnListenerRule.TransformProperty[];
  /** The header that identifies requests of CloudFront; `undefined` if the listener requires none. */
  readonly secretHeader: SecretHeader | undefined;
  /** The host label of the load balancer in front of the domain; `undefined` if it serves the domain itself. */
  readonly hostLabel: 'api' | 'origin' | undefined;
}
