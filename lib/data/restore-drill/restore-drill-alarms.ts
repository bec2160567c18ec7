import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Metric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import { restoreDrillMetrics } from './restore-drill-contract';

const period = Duration.hours(1);

/** One day plus the duration of a drill. */
const hoursWithoutSuccess = 26;

/** Alarms of the restore drill. Step Functions counts the runs, including those that could not report themselves. */
export function restoreDrillAlarms(stateMachine: IStateMachine, environmentName: string): AlarmDefinition[] {
  const perHour = { period, statistic: Stats.SUM };
  return [
    {
      id: 'restore-drill-failure',
      severity: 'page',
      meaning:
        'The newest snapshot of the payments database could not be restored, or the restored copy failed its check.',
      firstLook: 'Look at error and cause of the last execution of the state machine.',
      metric: new MathExpression({
        label: 'restore drills that failed',
        period,
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
        usingMetrics: {
          failed: stateMachine.metricFailed(perHour),
          timedOut: stateMachine.metricTimedOut(perHour),
          aborted: stateMachine.metricAborted(perHour),
        },
      }),
      threshold: 1,
    },
    {
      id: 'restore-drill-missing',
      severity: 'ticket',
      meaning: `No restore drill has succeeded for ${hoursWithoutSuccess} hours.`,
      firstLook: 'Look whether restore-drill-failure has fired, then whether the schedule is enabled.',
      metric: stateMachine.metricSucceeded(perHour),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: hoursWithoutSuccess,
      missingData: TreatMissingData.BREACHING,
    },
    {
      id: 'restore-drill-left-over',
      severity: 'ticket',
      meaning: 'A restore drill has not deleted its copy of the payments database.',
      firstLook: 'Look whether the copy still exists.',
      metric: new Metric({
        namespace: restoreDrillMetrics.namespace,
        metricName: restoreDrillMetrics.leftOver,
        dimensionsMap: { Environment: environmentName },
        statistic: Stats.MAXIMUM,
        period,
      }),
      threshold: 1,
    },
  ];
}
