import { serviceMetrics } from '../../lib/compute/service-metrics';

describe('the error rate of the service', () => {
  const { expression, usingMetrics } =
    serviceMetrics({
      clusterName: 'cluster',
      serviceName: 'service',
      loadBalancerFullName: 'app/balancer/1',
      targetGroupFullNames: ['targetgroup/blue/1', 'targetgroup/green/2'],
    }).serverErrorPercent.toMetricConfig().mathExpression ?? {};
  const nameOf = Object.fromEntries(
    Object.entries(usingMetrics ?? {}).map(([id, metric]) => [id, metric.toMetricConfig().metricStat?.metricName]),
  );

  test('does not depend on RequestCount, which has no data without targets', () => {
    expect(Object.values(nameOf)).not.toContain('RequestCount');
  });

  test('divides by the responses of all classes, including those of the load balancer', () => {
    const [, divisor = ''] = /\/ \(([^/]*)\), 0\)$/.exec(expression ?? '') ?? [];
    const divided = [...divisor.matchAll(/FILL\((\w+), 0\)/g)].map(([, id = '']) => nameOf[id]);
    expect(divided).toEqual([
      'HTTPCode_Target_2XX_Count',
      'HTTPCode_Target_3XX_Count',
      'HTTPCode_Target_4XX_Count',
      'HTTPCode_Target_5XX_Count',
      'HTTPCode_ELB_5XX_Count',
    ]);
  });
});
