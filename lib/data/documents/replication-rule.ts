import { Aws, Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ReplicationTimeValue } from 'aws-cdk-lib/aws-s3';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import type { ResourceNames } from '../../core/resource-names';

/** The id of the one replication rule; its metrics are found by it. */
export const replicationRuleId = 'replicate-documents';

/** Within which S3 Replication Time Control promises to replicate. */
export const replicationTime = ReplicationTimeValue.FIFTEEN_MINUTES;

/** Keys of documents begin so. */
export const documentPrefix = 'documents/';

/** The name of the bucket that the API uses. Both regions know it before either bucket exists. */
export function documentBucketName(names: ResourceNames): string {
  return `${names.of('bucket', 'documents')}-${Aws.ACCOUNT_ID}`;
}

/** The name of its replica. */
export function replicaBucketName(names: ResourceNames): string {
  return `${names.of('bucket', 'documents-replica')}-${Aws.ACCOUNT_ID}`;
}

/** An object that S3 has given up on. S3 publishes this metric in the region of the source. */
export function failedReplication(names: ResourceNames): AlarmDefinition {
  return {
    id: 'document-replication-failed',
    severity: 'page',
    meaning: 'A document could not be replicated, and exists in one region only.',
    firstLook: 'Look whether the key or the bucket of the replica was changed.',
    metric: replicationMetric(names, 'OperationsFailedReplication', Stats.SUM),
    threshold: 1,
  };
}

/** Documents that come late. S3 publishes this metric in the region of the destination. */
export function lateReplication(names: ResourceNames): AlarmDefinition {
  return {
    id: 'document-replication-latency',
    severity: 'ticket',
    meaning: 'The replica of the documents is behind by more than S3 promises.',
    firstLook: 'Look at the AWS Health Dashboard of both regions.',
    metric: replicationMetric(names, 'ReplicationLatency', Stats.MAXIMUM),
    threshold: Duration.minutes(replicationTime.minutes).toSeconds(),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html */
function replicationMetric(names: ResourceNames, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/S3',
    metricName,
    statistic,
    period: Duration.minutes(5),
    dimensionsMap: {
      SourceBucket: documentBucketName(names),
      DestinationBucket: replicaBucketName(names),
      RuleId: replicationRuleId,
    },
  });
}
