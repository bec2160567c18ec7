import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, type IMetric, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { AlarmDefinition } from '../constructs/alarm-definition';

/** CloudFront publishes its metrics only in this region. */
const region = 'us-east-1';
const period = Duration.minutes(5);

/** CloudWatch metrics of a distribution. */
export interface DistributionMetrics {
  readonly requests: IMetric;
  readonly serverErrorPercent: IMetric;
}

export function distributionMetrics(distribution: IDistribution): DistributionMetrics {
  const cloudFront = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/CloudFront',
      metricName,
      statistic,
      period,
      region,
      dimensionsMap: { DistributionId: distribution.distributionId, Region: 'Global' },
    });
  return {
    requests: cloudFront('Requests', Stats.SUM),
    serverErrorPercent: cloudFront('5xxErrorRate', Stats.AVERAGE),
  };
}

/** Alarms on the metrics of the distribution. */
export function distributionAlarms(metrics: DistributionMetrics, errorRatePercent: number): AlarmDefinition[] {
  return [
    {
      id: 'edge-error-rate',
      severity: 'page',
      meaning: `More than ${errorRatePercent} % of requests to CloudFront fail.`,
      firstLook: 'Look whether api-error-rate fires too.',
      metric: metrics.serverErrorPercent,
      threshold: errorRatePercent,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
    },
  ];
}
