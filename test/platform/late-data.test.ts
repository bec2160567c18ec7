import { builtProfiles, profileContexts } from '../support/profile-contexts';
import { testPlatform } from '../support/test-platform';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Metrics?: readonly { readonly Expression?: string; readonly MetricStat?: { readonly Period: number } }[];
}

/** In seconds. Data that is late by minutes is a small part of such a period. */
const longPeriod = 1800;

// "Metric math functions" warns that an alarm on FILL may never leave its state when data is published late:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
describe.each(builtProfiles)('the alarms of %s', (profile) => {
  const alarms = testPlatform(profileContexts[profile]).all.flatMap(
    ({ resources }) => resources.properties('AWS::CloudWatch::Alarm') as unknown as AlarmProperties[],
  );
  const filled = alarms.filter(
    ({ Metrics = [] }) =>
      Metrics.some(({ Expression }) => Expression?.includes('FILL(')) &&
      Metrics.some(({ MetricStat }) => MetricStat !== undefined && MetricStat.Period < longPeriod),
  );

  test('fire even if the newest period of a filled metric is late', () => {
    expect(filled.length).toBeGreaterThan(0);
    const blind = filled.filter(
      ({ EvaluationPeriods, DatapointsToAlarm = EvaluationPeriods }) => DatapointsToAlarm >= EvaluationPeriods,
    );
    expect(blind.map(({ AlarmName }) => AlarmName)).toEqual([]);
  });
});
