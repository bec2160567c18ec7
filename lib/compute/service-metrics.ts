import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats, Unit } from 'aws-cdk-lib/aws-cloudwatch';
import { shareAbove } from '../constructs/service-level-indicator';
import type { ServiceMetrics } from './compute-resources';
import { filledSum } from './filled-sum';

export interface ServiceMetricsProps {
  readonly clusterName: string;
  readonly serviceName: string;
  /** `app/NAME/ID`, the dimension of its metrics. */
  readonly loadBalancerFullName: string;
  /** `targetgroup/NAME/ID` of blue and green. */
  readonly targetGroupFullNames: readonly string[];
}

const period = Duration.minutes(1);
/** A slower response counts as bad for the latency objective. */
const slowResponseSeconds = 1;
/** Failures of one minute that page. With fewer, the percentage of a quiet minute says little; the burn rate counts them for longer. */
const leastServerErrors = 5;

/** Metrics of the service and its load balancer, of blue and green together, so that a deployment does not interrupt them. */
export function serviceMetrics(props: ServiceMetricsProps): ServiceMetrics {
  const { clusterName, serviceName, loadBalancerFullName, targetGroupFullNames } = props;
  const loadBalancer = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/ApplicationELB',
      metricName,
      statistic,
      period,
      dimensionsMap: { LoadBalancer: loadBalancerFullName },
    });
  const service = (namespace: string, metricName: string, statistic: string) =>
    new Metric({
      namespace,
      metricName,
      statistic,
      period,
      dimensionsMap: { ClusterName: clusterName, ServiceName: serviceName },
    });
  const overColours = (prefix: string, metricName: string, label: string): IMetric => {
    const usingMetrics = Object.fromEntries(
      targetGroupFullNames.map((TargetGroup, index) => [
        `${prefix}${index}`,
        new Metric({
          namespace: 'AWS/ApplicationELB',
          metricName,
          statistic: Stats.MAXIMUM,
          period,
          unit: Unit.COUNT,
          dimensionsMap: { LoadBalancer: loadBalancerFullName, TargetGroup },
        }),
      ]),
    );
    // A target group without tasks has no data, which must not hide the data of the other one.
    return new MathExpression({ expression: filledSum(usingMetrics), usingMetrics, label, period });
  };
  const responses = {
    target2xx: loadBalancer('HTTPCode_Target_2XX_Count', Stats.SUM),
    target3xx: loadBalancer('HTTPCode_Target_3XX_Count', Stats.SUM),
    target4xx: loadBalancer('HTTPCode_Target_4XX_Count', Stats.SUM),
    target5xx: loadBalancer('HTTPCode_Target_5XX_Count', Stats.SUM),
    balancer5xx: loadBalancer('HTTPCode_ELB_5XX_Count', Stats.SUM),
  };
  // RequestCount excludes requests without a target, so it has no data in a total outage.
  const answered = filledSum(responses);
  const failed = 'FILL(target5xx, 0) + FILL(balancer5xx, 0)';
  const failedPercent = (leastFailed: number) =>
    new MathExpression({
      label: 'server errors, % of responses',
      period,
      expression: `IF(${failed} >= ${leastFailed}, 100 * (${failed}) / (${answered}), 0)`,
      usingMetrics: responses,
    });
  return {
    requestCount: loadBalancer('RequestCount', Stats.SUM),
    serverErrorPercent: failedPercent(1),
    severalServerErrorsPercent: failedPercent(leastServerErrors),
    failedRequests: { badEvents: failed, events: answered, metrics: responses },
    slowRequests: shareAbove('responseTime', loadBalancer('TargetResponseTime', Stats.AVERAGE), slowResponseSeconds),
    latencySeconds: {
      p50: loadBalancer('TargetResponseTime', Stats.percentile(50)),
      p90: loadBalancer('TargetResponseTime', Stats.percentile(90)),
      p99: loadBalancer('TargetResponseTime', Stats.percentile(99)),
    },
    runningTasks: service('ECS/ContainerInsights', 'RunningTaskCount', Stats.AVERAGE),
    desiredTasks: service('ECS/ContainerInsights', 'DesiredTaskCount', Stats.AVERAGE),
    healthyHosts: overColours('healthy', 'HealthyHostCount', 'healthy targets'),
    unhealthyHosts: overColours('unhealthy', 'UnHealthyHostCount', 'unhealthy targets'),
    cpuPercent: service('AWS/ECS', 'CPUUtilization', Stats.AVERAGE),
    memoryPercent: service('AWS/ECS', 'MemoryUtilization', Stats.AVERAGE),
  };
}
