import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import type { AlarmDefinition } from '../conventions/alarm-definition';
import type { EdgeResources } from './edge-resources';

/** CloudFront and its web ACL report in one region, whatever region the platform calls home. */
const region = 'us-east-1';
const period = Duration.minutes(5);

/** The figures of the distribution and its web ACL. */
export function edgeMetrics(distribution: IDistribution, webAclName: string): EdgeResources['metrics'] {
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
    blockedRequests: new Metric({
      namespace: 'AWS/WAFV2',
      metricName: 'BlockedRequests',
      statistic: Stats.SUM,
      period,
      region,
      dimensionsMap: { WebACL: webAclName, Rule: 'ALL' },
    }),
  };
}

/** How the edge shows that viewers get no answer, or that someone tries the doors. */
export function edgeAlarms(metrics: EdgeResources['metrics'], errorRatePercent: number): AlarmDefinition[] {
  return [
    {
      id: 'edge-error-rate',
      severity: 'page',
      meaning: `More than ${errorRatePercent} % of what viewers ask of CloudFront fails.`,
      metric: metrics.serverErrorPercent,
      threshold: errorRatePercent,
      comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 2,
    },
    {
      id: 'edge-blocked-requests',
      severity: 'ticket',
      meaning: 'The web ACL has blocked more than 1000 requests within five minutes.',
      metric: metrics.blockedRequests,
      threshold: 1000,
    },
  ];
}
