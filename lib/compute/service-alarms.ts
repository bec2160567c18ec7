import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import type { ServiceMetrics } from './compute-resources';

/** Thresholds of the service alarms. */
export interface ServiceLimits {
  readonly errorRatePercent: number;
  readonly minTasks: number;
}

/** Alarms on the service and its load balancer. */
export function serviceAlarms(
  metrics: ServiceMetrics,
  { errorRatePercent, minTasks }: ServiceLimits,
): AlarmDefinition[] {
  return [
    {
      id: 'api-error-rate',
      severity: 'page',
      meaning: `More than ${errorRatePercent} % of requests to the payments API fail.`,
      firstLook: 'Look at the log of the API for `request failed`.',
      metric: metrics.severalServerErrorsPercent,
      threshold: errorRatePercent,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 3,
    },
    {
      id: 'api-latency',
      severity: 'ticket',
      meaning: 'The slowest 1 % of requests to the payments API take longer than a second.',
      firstLook: 'Look at the CPU of tasks and database, and at `Time to decide` on the dashboard.',
      metric: metrics.latencySeconds.p99,
      threshold: 1,
      evaluationPeriods: 5,
    },
    {
      id: 'api-unhealthy-hosts',
      severity: 'page',
      meaning: 'Tasks of the payments API fail their health check and are being replaced.',
      firstLook: 'Look at the service events and at the last log lines of stopped tasks.',
      metric: metrics.unhealthyHosts,
      threshold: 1,
      evaluationPeriods: 5,
    },
    {
      id: 'api-tasks-missing',
      severity: 'page',
      meaning: `Fewer than ${minTasks} tasks of the payments API are running.`,
      firstLook: 'Look at the service events.',
      metric: metrics.runningTasks,
      threshold: minTasks,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 5,
    },
  ];
}
