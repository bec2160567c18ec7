import type { IAlarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { AlarmDefinition } from '../constructs/alarm-definition';

/** A header whose value only the load balancer and the edge know. */
export interface SecretHeader {
  readonly name: string;
  /** Holds the header's value as its whole secret string; in the home region. */
  readonly secret: ISecret;
}

/** What the edge needs to reach the API. */
export interface OriginResources {
  /** Host name that the edge connects to; its certificate is trusted only when `protocol` is `https`. */
  readonly host: string;
  readonly protocol: 'http' | 'https';
  /** The header without which the load balancer answers 403; `undefined` when it answers everybody. */
  readonly secretHeader: SecretHeader | undefined;
  /** Whether clients on the internet reach the load balancer itself. */
  readonly isPublic: boolean;
  /** For what is associated with the load balancer itself. */
  readonly loadBalancerArn: string;
}

/** The figures that a dashboard shows of the service and its load balancer. */
export interface ServiceMetrics {
  readonly requestCount: IMetric;
  /** Responses 5xx of targets and load balancer, in percent of all. */
  readonly serverErrorPercent: IMetric;
  readonly latencySeconds: { readonly p50: IMetric; readonly p90: IMetric; readonly p99: IMetric };
  readonly runningTasks: IMetric;
  readonly desiredTasks: IMetric;
  readonly healthyHosts: IMetric;
  readonly unhealthyHosts: IMetric;
  readonly cpuPercent: IMetric;
  readonly memoryPercent: IMetric;
}

/** The names of the log groups into which code of ours writes, each by what writes there, in kebab case. */
export type ApplicationLogs = Readonly<Record<string, string>>;

/** The figures that a dashboard shows of the payment queue. */
export interface QueueMetrics {
  readonly waiting: IMetric;
  readonly inFlight: IMetric;
  readonly oldestSeconds: IMetric;
  readonly deadLetters: IMetric;
}

/** What the compute tier offers to the tiers above it. */
export interface ComputeResources {
  readonly origin: OriginResources;
  readonly metrics: ServiceMetrics;
  readonly applicationLogs: ApplicationLogs;
  /** `undefined` where events are consumed in the API's own processes. */
  readonly queueMetrics: QueueMetrics | undefined;
  readonly alarms: readonly AlarmDefinition[];
  /** Alarms on what this tier may replace: they are in this tier, and notify by themselves. */
  readonly alarmArns: readonly string[];
  /** Alarms that turn a deployment back; they exist in this tier and notify nobody by themselves. */
  readonly rollbackAlarms: readonly IAlarm[];
}
