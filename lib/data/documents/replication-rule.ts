import { Aws, Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ReplicationTimeValue } from 'aws-cdk-lib/aws-s3';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import type { ResourceNames } from '../../core/resource-names';

/** The id of the replication rule, a dimension of its metrics. */
export const replicationRuleId = 'replicate-documents';

/** The threshold of S3 Replication Time Control. */
export const replicationTime = ReplicationTimeValue.FIFTEEN_MINUTES;

/** The prefix of object keys. */
export const documentPrefix = 'documents/';

/** The name of the source bucket. It is fixed, so both regions can refer to it. */
export function documentBucketName(names: ResourceNames): string {
  return `${names.of('bucket', 'documents')}-${Aws.ACCOUNT_ID}`;
}

/** The name of the replica bucket. */
export function replicaBucketName(names: ResourceNames): string {
  return `${names.of('bucket', 'documents-replica')}-${Aws.ACCOUNT_ID}`;
}

/** The alarm on failed replications. S3 publishes the metric in the source region. */
export function failedReplication(names: ResourceNames): AlarmDefinition {
  return {
    id: 'document-replication-failed',
    severity: 'page',
    meaning: 'A document could not be replicated and exists in one region only.',
    firstLook: 'Look whether the key or the bucket of the replica was changed.',
    metric: replicationMetric(names, 'OperationsFailedReplication', Stats.SUM),
    threshold: 1,
  };
}

/** The alarm on replication latency. S3 publishes the metric in the destination region. */
export function lateReplication(names: ResourceNames): AlarmDefinition {
  return {
    id: 'document-replication-latency',
    severity: 'ticket',
    meaning: 'The replica of the documents is behind by more than S3 Replication Time Control allows.',
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
