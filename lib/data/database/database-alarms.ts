import type { Size } from 'aws-cdk-lib';
import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import type { IPaymentsDatabase } from '../data-resources';

/** Thresholds of the database alarms. */
export interface DatabaseLimits {
  /** Maximum connections of tasks and payment consumer in normal operation. */
  readonly expectedConnections: number;
  readonly freeMemory: Size;
}

/** Alarms on a database of any kind. */
export function databaseAlarms(
  metrics: IPaymentsDatabase['metrics'],
  { expectedConnections, freeMemory }: DatabaseLimits,
): AlarmDefinition[] {
  return [
    {
      id: 'database-cpu',
      severity: 'ticket',
      meaning: 'The payments database has used more than 85 % of its CPU for 15 minutes.',
      firstLook: 'Look at the top SQL in Performance Insights.',
      metric: metrics.cpuPercent,
      threshold: 85,
      evaluationPeriods: 3,
    },
    {
      id: 'database-memory',
      severity: 'page',
      meaning: 'The payments database is low on memory and may restart.',
      firstLook: 'Look at the connections and at the top SQL in Performance Insights.',
      metric: metrics.freeableMemoryBytes,
      threshold: freeMemory.toBytes(),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
    },
    {
      id: 'database-connections',
      severity: 'page',
      meaning: 'More connections to the payments database are open than the platform itself needs.',
      firstLook: 'Look at pg_stat_activity for the logins that hold them.',
      metric: metrics.connections,
      // A reserve for migrations and administrators.
      threshold: expectedConnections + 10,
      evaluationPeriods: 2,
    },
  ];
}
