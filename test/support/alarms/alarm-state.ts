import type { Series } from './metric-math';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The settings of an alarm that determine its state. */
export interface AlarmRule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly missingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
  readonly breaches: (value: number) => boolean;
}

/**
 * How many periods CloudWatch reads beyond the evaluation periods, to replace missing data points by older ones. AWS publishes the number
 * for one example only, five instead of three, and says that it depends on the period.
 */
export const furtherPeriods = 2;

/**
 * The state of an alarm after one evaluation.
 *
 * @param range the data points of the evaluation range: the evaluation periods and `furtherPeriods` before them, oldest first
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function alarmState(rule: AlarmRule, range: Series, current: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, missingData, breaches } = rule;
  const real = range.filter((value) => value !== undefined).map(breaches);
  const recent = real.slice(-evaluationPeriods);
  const breaching = recent.filter(Boolean).length;
  const missing = evaluationPeriods - recent.length;
  const outcome = (count: number): AlarmState => (count >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (missing === 0 || breaching >= datapointsToAlarm) return outcome(breaching);
  switch (missingData) {
    case 'breaching':
      return outcome(breaching + missing);
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return recent.length === 0 || isPremature(rule, range) ? current : 'OK';
    case 'missing':
      if (recent.length === 0) return 'INSUFFICIENT_DATA';
      return isPremature(rule, range) ? 'ALARM' : 'OK';
  }
}

/** Only breaching data points, the oldest of them as old as `datapointsToAlarm`: the alarm does not wait for more of them. */
function isPremature({ datapointsToAlarm, breaches }: AlarmRule, range: Series): boolean {
  const oldest = range.findIndex((value) => value !== undefined);
  return (
    range.every((value) => value === undefined || breaches(value)) &&
    oldest !== -1 &&
    range.length - oldest >= datapointsToAlarm
  );
}
