import { Aws, Duration, Stack } from 'aws-cdk-lib';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DeliveryStream, EnableLogging, S3Bucket, StreamEncryption } from 'aws-cdk-lib/aws-kinesisfirehose';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { FilterPattern, LogGroup, SubscriptionFilter } from 'aws-cdk-lib/aws-logs';
import { FirehoseDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Bucket, BucketEncryption, type IBucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../compliance/accepted-findings';
import type { ApplicationLogs } from '../compute/compute-resources';
import type { LogArchiveConfig } from '../config/deployment-profile';
import type { AlarmDefinition } from '../constructs/alarm-definition';
import { pascalCase } from '../core/pascal-case';
import { PlatformRole } from '../core/platform-role';
import type { ResourceNames } from '../core/resource-names';
import { addOutput } from '../core/add-output';

export interface LogArchiveProps {
  readonly names: ResourceNames;
  readonly config: LogArchiveConfig;
  /** The log groups to archive. */
  readonly logs: ApplicationLogs;
}

/**
 * A copy of the application logs in S3: subscription filters send the log events to Firehose, which writes gzip files.
 *
 * Object Lock was rejected, because a locked object cannot be deleted with the environment. No role may delete objects, and the bucket is
 * versioned.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#FirehoseExample
 */
export class LogArchive extends Construct {
  readonly bucketName: string;
  readonly keptDays: number;
  readonly alarms: readonly AlarmDefinition[];

  constructor(scope: Construct, id: string, props: LogArchiveProps) {
    super(scope, id);
    const { names, config, logs } = props;
    const key = new Key(this, 'Key', {
      alias: `alias/${names.of('key', 'log-archive')}`,
      description: 'Encrypts the archive of the application logs',
    });
    const bucket = this.#bucket(names, config, key);
    const stream = this.#stream(names, bucket, key);
    const writer = new PlatformRole(this, 'WriterRole', {
      names,
      purpose: 'log-archive-writer',
      description: 'Lets CloudWatch Logs send log events to the archive',
      assumedBy: new ServicePrincipal('logs.amazonaws.com', {
        conditions: {
          StringLike: { 'aws:SourceArn': `arn:${Aws.PARTITION}:logs:${Stack.of(this).region}:${Aws.ACCOUNT_ID}:*` },
        },
      }),
    });
    for (const [purpose, logGroupName] of Object.entries(logs)) {
      const filter = new SubscriptionFilter(this, pascalCase(purpose), {
        filterName: names.of('log-filter', `archive-${purpose}`),
        logGroup: LogGroup.fromLogGroupName(this, `${pascalCase(purpose)}Logs`, logGroupName),
        destination: new FirehoseDestination(stream, { role: writer }),
        filterPattern: FilterPattern.allEvents(),
      });
      // CloudWatch Logs uses the role for a test message when the filter is created.
      filter.node.addDependency(writer);
    }
    this.bucketName = bucket.bucketName;
    this.keptDays = config.expireAfterDays;
    this.alarms = [
      {
        id: 'log-archive-delivery',
        severity: 'ticket',
        meaning: 'An application log line has not reached the archive for more than an hour.',
        firstLook: 'Look at the log of the delivery stream.',
        metric: stream.metric('DeliveryToS3.DataFreshness', { statistic: Stats.MAXIMUM, period: Duration.minutes(5) }),
        threshold: Duration.hours(1).toSeconds(),
      },
    ];
  }

  #bucket(names: ResourceNames, { glacierAfterDays, expireAfterDays }: LogArchiveConfig, key: IKey): Bucket {
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: `${names.of('bucket', 'log-archive')}-${Aws.ACCOUNT_ID}`,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned: true,
      lifecycleRules: [
        {
          id: 'archive',
          transitions: [{ storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(glacierAfterDays) }],
          expiration: Duration.days(expireAfterDays),
          noncurrentVersionExpiration: Duration.days(1),
        },
      ],
    });
    acceptFindings(bucket, ['AwsSolutions-S1', 'PCI.DSS.321-S3BucketLoggingEnabled'], {
      reason: 'The bucket is the target of logs, and only one service writes to it.',
      compensatingControl: 'No person has permission to read or delete, and CloudTrail records every change.',
    });
    acceptFindings(bucket, ['PCI.DSS.321-S3BucketReplicationEnabled'], {
      reason: 'The bucket is a copy. The log groups contain the same lines.',
      compensatingControl: 'Objects are versioned, and S3 stores each in three Availability Zones.',
    });
    return bucket;
  }

  #stream(names: ResourceNames, bucket: Bucket, key: IKey): DeliveryStream {
    const role = new PlatformRole(this, 'Role', {
      names,
      purpose: 'log-archive',
      description: 'Lets Firehose write the archive of the application logs',
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    const logGroup = new LogGroup(this, 'LogGroup', { logGroupName: names.of('log-group', 'log-archive') });
    addOutput(this, 'LogArchiveLogGroupName', logGroup.logGroupName);
    for (const statement of writing(bucket, key)) role.addToPrincipalPolicy(statement);
    logGroup.grants.write(role);
    // CDK's own grants would also allow Firehose to delete objects.
    const asGranted = role.withoutPolicyUpdates();
    const stream = new DeliveryStream(this, 'Stream', {
      deliveryStreamName: names.of('stream', 'log-archive'),
      role: asGranted,
      encryption: StreamEncryption.customerManagedKey(key),
      destination: new S3Bucket(bucket, {
        role: asGranted,
        encryptionKey: key,
        dataOutputPrefix: 'logs/',
        errorOutputPrefix: 'errors/',
        fileExtension: '.gz',
        loggingConfig: new EnableLogging(logGroup),
      }),
    });
    // Deletes the stream before the bucket is emptied, so that it cannot write again.
    stream.node.addDependency(bucket, role);
    acceptFindings(role, [wildcardResource(role, bucket.arnForObjects('*'))], {
      reason: 'Firehose includes the time in the names of objects.',
      compensatingControl: 'The role may write objects to this bucket, but not read or delete them.',
    });
    return stream;
  }
}

/** Permissions of Firehose to write to a bucket with SSE-KMS. @see https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html */
function writing(bucket: IBucket, key: IKey): PolicyStatement[] {
  return [
    new PolicyStatement({
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [bucket.bucketArn],
    }),
    new PolicyStatement({
      actions: ['s3:AbortMultipartUpload', 's3:PutObject'],
      resources: [bucket.arnForObjects('*')],
    }),
    new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [key.keyArn] }),
  ];
}
