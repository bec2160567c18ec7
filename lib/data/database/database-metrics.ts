import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { DatabaseInstance, IDatabaseCluster } from 'aws-cdk-lib/aws-rds';
import type { IPaymentsDatabase } from '../data-resources';

type MetricSource = Pick<
  IDatabaseCluster | DatabaseInstance,
  'metricDatabaseConnections' | 'metricCPUUtilization' | 'metricFreeableMemory'
>;

/** Metrics of the worst instance. An average would hide a failing writer among idle readers. */
export function databaseMetrics(source: MetricSource): IPaymentsDatabase['metrics'] {
  return {
    connections: source.metricDatabaseConnections({ statistic: Stats.MAXIMUM }),
    cpuPercent: source.metricCPUUtilization({ statistic: Stats.MAXIMUM }),
    freeableMemoryBytes: source.metricFreeableMemory({ statistic: Stats.MINIMUM }),
  };
}
