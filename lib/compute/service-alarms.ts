import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from '../conventions/alarm-definition';
import type { ServiceMetrics } from './compute-resources';

/** The limits beyond which someone is told. */
export interface ServiceLimits {
  readonly errorRatePercent: number;
  readonly minTasks: number;
}

/** How the service shows that customers cannot pay, or soon will not. */
export function serviceAlarms(
  metrics: ServiceMetrics,
  { errorRatePercent, minTasks }: ServiceLimits,
): AlarmDefinition[] {
  return [
    {
      id: 'api-error-rate',
      severity: 'page',
      meaning: `More than ${errorRatePercent} % of requests to the payments API fail.`,
      metric: metrics.serverErrorPercent,
      threshold: errorRatePercent,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
    },
    {
      id: 'api-latency',
      severity: 'ticket',
      meaning: 'One request in a hundred to the payments API takes longer than a second.',
      metric: metrics.latencySeconds.p99,
      threshold: 1,
      evaluationPeriods: 5,
    },
    {
      id: 'api-unhealthy-hosts',
      severity: 'page',
      meaning: 'Tasks of the payments API fail their health check and are being replaced.',
      metric: metrics.unhealthyHosts,
      threshold: 1,
      evaluationPeriods: 5,
    },
    {
      id: 'api-tasks-missing',
      severity: 'page',
      meaning: `Fewer than ${minTasks} tasks of the payments API are running.`,
      metric: metrics.runningTasks,
      threshold: minTasks,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 5,
    },
  ];
}
