import type { CfnListenerRule, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { SecretHeader } from './compute-resources';

/** Which requests the load balancer forwards to the API; to all others it answers 403. */
export interface ListenerAccess {
  readonly condition: ListenerCondition;
  /** Whether the load balancer is reachable from the internet; otherwise it is internal to the VPC. */
  readonly isInternetFacing: boolean;
  /** The source of its requests, as messages name it. */
  readonly from: string;
  /** Changes to a request before it reaches the API. @default - none */
  readonly transforms?: CfnListenerRule.TransformProperty[];
  /** The header that proves that a request comes from the edge; `undefined` when the listener accepts requests from anywhere. */
  readonly secretHeader: SecretHeader | undefined;
  /** The label of the load balancer's own host name before the platform's domain; `undefined` when it serves the domain itself. */
  readonly hostLabel: 'api' | 'origin' | undefined;
}
