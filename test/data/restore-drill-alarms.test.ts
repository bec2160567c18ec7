import { DrillTier } from '../support/drill-tier';

describe('the alarms of the restore drill', () => {
  const alarms = new DrillTier().stack.alarms.filter(({ id }) => id.startsWith('restore-drill-'));
  const alarmOf = (id: string) => alarms.find((each) => each.id === `restore-drill-${id}`);

  test('tell of a failure, a missing run and a copy that is left over', () => {
    expect(alarms.map(({ id, severity }) => [id, severity])).toEqual([
      ['restore-drill-failure', 'page'],
      ['restore-drill-missing', 'ticket'],
      ['restore-drill-left-over', 'ticket'],
    ]);
  });

  test('count a run that was timed out or stopped as failed', () => {
    expect(alarmOf('failure')?.metric.toMetricConfig().mathExpression).toMatchObject({
      expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
      usingMetrics: {
        failed: { metricName: 'ExecutionsFailed' },
        timedOut: { metricName: 'ExecutionsTimedOut' },
        aborted: { metricName: 'ExecutionsAborted' },
      },
    });
  });

  test('take silence for a run that is missing, after a day and the time of a drill', () => {
    const missing = alarmOf('missing');
    expect(missing).toMatchObject({ threshold: 1, comparison: 'LessThanThreshold', missingData: 'breaching' });
    const { metricName, period, statistic } = missing?.metric.toMetricConfig().metricStat ?? {};
    expect([metricName, statistic]).toEqual(['ExecutionsSucceeded', 'Sum']);
    expect((period?.toHours() ?? 0) * (missing?.evaluationPeriods ?? 0)).toBe(26);
  });
});
