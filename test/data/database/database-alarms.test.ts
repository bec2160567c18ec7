import { dataTier } from '../../support/data-tier';
import { overrides } from '../../support/profile-overrides';

const { database } = dataTier();

test('opens a ticket for CPU, and pages for memory and connections', () => {
  const alarms = database.alarms.map(({ id, severity, threshold, comparison, evaluationPeriods, metric }) => [
    id,
    severity,
    threshold,
    comparison,
    evaluationPeriods,
    metric.toMetricConfig().metricStat?.statistic,
  ]);
  expect(alarms).toEqual([
    ['database-cpu', 'ticket', 85, undefined, 3, 'Maximum'],
    ['database-memory', 'page', 200 * 1024 * 1024, 'LessThanThreshold', 3, 'Minimum'],
    // Ten tasks of each colour with ten connections each, and ten more.
    ['database-connections', 'page', 210, undefined, 2, 'Maximum'],
  ]);
});

test('evaluates the worst instance of the cluster', () => {
  for (const { metric } of database.alarms) {
    const { namespace, dimensions } = metric.toMetricConfig().metricStat ?? {};
    expect(namespace).toBe('AWS/RDS');
    expect(dimensions?.map(({ name }) => name)).toEqual(['DBClusterIdentifier']);
  }
});

test('allows connections of the payment consumer in addition to those of the tasks', () => {
  const { alarms } = dataTier(overrides({ paymentQueue: { maxReceiveCount: 5 } })).database;
  // Ten batches with two connections each.
  expect(alarms.find(({ id }) => id === 'database-connections')?.threshold).toBe(230);
});
