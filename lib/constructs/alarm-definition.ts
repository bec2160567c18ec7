import { ArnFormat, Duration, type Stack } from 'aws-cdk-lib';
import type { IAlarmAction, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, TreatMissingData as Missing } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { pascalCase } from '../core/pascal-case';
import { PlatformStack } from '../core/platform-stack';
import type { ResourceNames } from '../core/resource-names';

/** `page` needs an immediate reaction, `ticket` one on the next working day. */
export type AlarmSeverity = 'page' | 'ticket';

/** An alarm as a construct declares it. The stack of the construct, or the observability stack, creates it. */
export interface AlarmDefinition {
  /** Unique id in kebab case: `api-error-rate`. The runbook heading and the alarm name contain it. */
  readonly id: string;
  /** The entry of the runbook, where several alarms share one. @default - the id */
  readonly runbookEntry?: string;
  readonly severity: AlarmSeverity;
  /** What fails, in one sentence. */
  readonly meaning: string;
  /** What to look at first, in one sentence that begins with "Look". */
  readonly firstLook: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default - greater than or equal to the threshold */
  readonly comparison?: ComparisonOperator;
  /** Number of breaching periods. A metric with `FILL` and a short period is evaluated over one more, whose data may be late. @default 1 */
  readonly evaluationPeriods?: number;
  /** @default - missing data does not breach */
  readonly missingData?: TreatMissingData;
}

/** Data is late by minutes, so it does not hide a breach that lasts for this long. */
const longPeriod = Duration.minutes(30);

/**
 * Whether the expression contains `FILL`. It also fills the newest period while its data is late, which would hide a breach unless the
 * alarm evaluates more periods than must breach.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function hidesLateData(metric: IMetric): boolean {
  const { mathExpression } = metric.toMetricConfig();
  return (
    mathExpression !== undefined &&
    mathExpression.expression.includes('FILL(') &&
    mathExpression.period < longPeriod.toSeconds()
  );
}

/** The ARN of an alarm that `createAlarm` creates in `stack`, for use in other stacks and regions without a reference. */
export function alarmArn(stack: Stack, { id }: AlarmDefinition, names: ResourceNames): string {
  return stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: names.of('alarm', id),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Creates an alarm from its definition. Its description links to the dashboard and to the runbook. */
export function createAlarm(
  scope: Construct,
  definition: AlarmDefinition,
  names: ResourceNames,
  action: IAlarmAction | undefined,
): Alarm {
  const { id, severity, meaning, firstLook, metric, threshold, comparison, evaluationPeriods, missingData } =
    definition;
  const { runbook } = PlatformStack.of(scope);
  const breachingPeriods = evaluationPeriods ?? 1;
  const alarm = new Alarm(scope, pascalCase(id), {
    alarmName: names.of('alarm', id),
    alarmDescription: runbook.describe(definition.runbookEntry ?? id, meaning, firstLook, `Severity: ${severity}.`),
    metric,
    threshold,
    comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: hidesLateData(metric) ? breachingPeriods + 1 : breachingPeriods,
    ...(hidesLateData(metric) && { datapointsToAlarm: breachingPeriods }),
    treatMissingData: missingData ?? Missing.NOT_BREACHING,
  });
  if (action) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  return alarm;
}
