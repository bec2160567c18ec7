import { ArnFormat, type Stack } from 'aws-cdk-lib';
import type { IAlarmAction, IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, TreatMissingData as Missing } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { pascalCase } from '../core/pascal-case';
import { PlatformStack } from '../core/platform-stack';
import type { ResourceNames } from '../core/resource-names';

/** Whether someone is woken (`page`) or reads of it in the morning (`ticket`). */
export type AlarmSeverity = 'page' | 'ticket';

/**
 * An alarm as the construct that understands the failure declares it; its stack, or the observability stack, makes it real.
 */
export interface AlarmDefinition {
  /** Kebab case, unique in the platform; the runbook heading and the alarm's name carry it: `api-error-rate`. */
  readonly id: string;
  readonly severity: AlarmSeverity;
  /** One sentence: what is failing for whom. */
  readonly meaning: string;
  /** One sentence: what to look at first. */
  readonly firstLook: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** @default - greater than or equal to the threshold */
  readonly comparison?: ComparisonOperator;
  /** How many periods must breach. A metric with `FILL` is evaluated over one period more, which may be late. @default 1 */
  readonly evaluationPeriods?: number;
  /** @default - missing data does not breach */
  readonly missingData?: TreatMissingData;
}

/**
 * Whether the expression fills gaps. `FILL` also fills the newest period while its data is late, which would hide a breach
 * unless the alarm needs fewer breaching periods than it evaluates.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function isFilled(metric: IMetric): boolean {
  return metric.toMetricConfig().mathExpression?.expression.includes('FILL(') ?? false;
}

/** The ARN of an alarm that `stack` has made of a definition, for stacks that show it: a name crosses regions, and holds no resource. */
export function alarmArn(stack: Stack, { id }: AlarmDefinition, names: ResourceNames): string {
  return stack.formatArn({
    service: 'cloudwatch',
    resource: 'alarm',
    resourceName: names.of('alarm', id),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Makes an alarm of its definition, named by the pattern and pointing to its page of the runbook. */
export function createAlarm(
  scope: Construct,
  definition: AlarmDefinition,
  names: ResourceNames,
  action: IAlarmAction | undefined,
): Alarm {
  const { id, severity, meaning, firstLook, metric, threshold, comparison, evaluationPeriods, missingData } =
    definition;
  const breachingPeriods = evaluationPeriods ?? 1;
  const alarm = new Alarm(scope, pascalCase(id), {
    alarmName: names.of('alarm', id),
    alarmDescription: PlatformStack.of(scope).runbook.describe(id, meaning, firstLook, `Severity: ${severity}.`),
    metric,
    threshold,
    comparisonOperator: comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: isFilled(metric) ? breachingPeriods + 1 : breachingPeriods,
    ...(isFilled(metric) && { datapointsToAlarm: breachingPeriods }),
    treatMissingData: missingData ?? Missing.NOT_BREACHING,
  });
  if (action) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
  return alarm;
}
