import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { BusinessMetricName, MetricsNamespace } from '../../app/src/telemetry/metric-names.ts' with {
  'resolution-mode': 'import',
};

const namespace: MetricsNamespace = 'PaymentPlatform';

/** A metric that the API writes into its log, in periods of one minute. `environmentName` is the suffix of the environment. */
export function businessMetric(
  environmentName: string,
  metricName: BusinessMetricName,
  statistic: string,
  label?: string,
): Metric {
  return new Metric({
    namespace,
    metricName,
    statistic,
    period: Duration.minutes(1),
    dimensionsMap: { Environment: environmentName },
    ...(label && { label }),
  });
}
