import type { CfnListenerRule, ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { SecretHeader } from './compute-resources';

/** Which requests the load balancer forwards to the API; to all others it answers 403. */
export interface RequestAdmission {
  readonly condition: ListenerCondition;
  /** Whether the load balancer has addresses of the internet; otherwise it is reached from within the VPC only. */
  readonly isInternetFacing: boolean;
  /** From where requests come to it, as messages call it. */
  readonly from: string;
  /** What is changed of a request before the API gets it. @default - nothing */
  readonly transforms?: CfnListenerRule.TransformProperty[];
  /** The header by which it knows the edge; `undefined` when the internet itself is admitted. */
  readonly secretHeader: SecretHeader | undefined;
  /** What stands before the first label of the platform's domain in the load balancer's own name; `undefined` when it has that name itself. */
  readonly hostLabel: 'api' | 'origin' | undefined;
}
