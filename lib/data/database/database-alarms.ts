import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmDefinition } from '../../conventions/alarm-definition';
import type { IPaymentsDatabase } from '../data-resources';

const MEBIBYTE = 1024 * 1024;

/** How a database shows that it is about to fail, whichever variant it is. */
export function databaseAlarms(metrics: IPaymentsDatabase['metrics']): AlarmDefinition[] {
  return [
    {
      id: 'database-cpu',
      severity: 'ticket',
      meaning: 'The payments database has used more than 85 % of its CPU for 15 minutes.',
      metric: metrics.cpuPercent,
      threshold: 85,
      evaluationPeriods: 3,
    },
    {
      id: 'database-memory',
      severity: 'page',
      meaning: 'The payments database has less than 200 MiB of memory left and may restart.',
      metric: metrics.freeableMemoryBytes,
      threshold: 200 * MEBIBYTE,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 3,
    },
    {
      id: 'database-connections',
      severity: 'page',
      meaning: 'More connections to the payments database are open than all tasks together should hold.',
      metric: metrics.connections,
      threshold: 300,
      evaluationPeriods: 2,
    },
  ];
}
