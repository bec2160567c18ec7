import { DrillTemplate } from '../../support/drill-template';

describe('the alarms of the restore drill', () => {
  const alarms = new DrillTemplate().stack.alarms.filter(({ id }) => id.startsWith('restore-drill-'));
  const alarmOf = (id: string) => alarms.find((each) => each.id === `restore-drill-${id}`);

  test('cover failures, missing runs and left-over copies', () => {
    expect(alarms.map(({ id, severity }) => [id, severity])).toEqual([
      ['restore-drill-failure', 'page'],
      ['restore-drill-missing', 'ticket'],
      ['restore-drill-left-over', 'ticket'],
    ]);
  });

  test('count timed-out and aborted runs as failed', () => {
    expect(alarmOf('failure')?.metric.toMetricConfig().mathExpression).toMatchObject({
      expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
      usingMetrics: {
        failed: { metricName: 'ExecutionsFailed' },
        timedOut: { metricName: 'ExecutionsTimedOut' },
        aborted: { metricName: 'ExecutionsAborted' },
      },
    });
  });

  test('treat missing data as a missing run, after a day and the duration of a drill', () => {
    const missing = alarmOf('missing');
    expect(missing).toMatchObject({ threshold: 1, comparison: 'LessThanThreshold', missingData: 'breaching' });
    const { metricName, period, statistic } = missing?.metric.toMetricConfig().metricStat ?? {};
    expect([metricName, statistic]).toEqual(['ExecutionsSucceeded', 'Sum']);
    expect((period?.toHours() ?? 0) * (missing?.evaluationPeriods ?? 0)).toBe(26);
  });
});
