import type { IAlarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import type { ServiceLevelIndicator } from '../constructs/service-level-indicator';
import type { SecretHeader } from '../ingress/listener-access';

/** The load balancer as the origin of the edge tier. */
export interface OriginResources {
  /** The host name. Its certificate is valid only if `protocol` is `https`. */
  readonly host: string;
  readonly protocol: 'http' | 'https';
  /** The header that the load balancer requires; it returns 403 without it. `undefined` if it requires none. */
  readonly secretHeader: SecretHeader | undefined;
  /** Whether internet clients may call the load balancer directly. */
  readonly isPublic: boolean;
  readonly loadBalancerArn: string;
}

/** CloudWatch metrics of the service and its load balancer. */
export interface ServiceMetrics {
  readonly requestCount: IMetric;
  /** 5xx responses of targets and load balancer, as a percentage of all responses. */
  readonly serverErrorPercent: IMetric;
  /** The same, but 0 in minutes with only a few 5xx responses. */
  readonly severalServerErrorsPercent: IMetric;
  /** 5xx responses, of all responses. */
  readonly failedRequests: ServiceLevelIndicator;
  /** Responses that took longer than a second, of all responses of targets. */
  readonly slowRequests: ServiceLevelIndicator;
  readonly latencySeconds: { readonly p50: IMetric; readonly p90: IMetric; readonly p99: IMetric };
  readonly runningTasks: IMetric;
  readonly desiredTasks: IMetric;
  readonly healthyHosts: IMetric;
  readonly unhealthyHosts: IMetric;
  readonly cpuPercent: IMetric;
  readonly memoryPercent: IMetric;
}

/** Log group names of the application, by writer in kebab case. */
export type ApplicationLogs = Readonly<Record<string, string>>;

/** CloudWatch metrics of the payment queue. */
export interface QueueMetrics {
  readonly waiting: IMetric;
  readonly inFlight: IMetric;
  readonly oldestSeconds: IMetric;
  readonly deadLetters: IMetric;
}

/** The resources of the compute tier for the other tiers. */
export interface ComputeResources {
  readonly origin: OriginResources;
  readonly metrics: ServiceMetrics;
  readonly applicationLogs: ApplicationLogs;
  /** The secret with the API key of the canary's merchant. `undefined` without a canary. */
  readonly canaryKey: ISecret | undefined;
  /** `undefined` if the API processes events itself. */
  readonly queueMetrics: QueueMetrics | undefined;
  readonly alarms: readonly AlarmDefinition[];
  /** Alarms in this stack, which follow a replacement of their resource and notify by themselves. */
  readonly alarmArns: readonly string[];
  /** Alarms in this stack that roll a deployment back. They notify nobody by themselves. */
  readonly rollbackAlarms: readonly IAlarm[];
}
