import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, BucketEncryption, CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from '../core/resource-names';

export interface AccessLogBucketProps {
  readonly names: ResourceNames;
  /** The purpose in kebab case, as part of the bucket name: `alb-logs`. */
  readonly purpose: string;
  /** The AWS service that writes the logs. */
  readonly writer: 'Elastic Load Balancing' | 'S3';
  readonly retentionDays: number;
}

/** A bucket of log files that can notify EventBridge of new objects. */
export interface IAccessLogBucket extends IBucket {
  /** Turns on EventBridge notifications for new objects. */
  announceObjects(): void;
}

/** A bucket for access logs of an AWS service, with one line per request (PCI DSS 10.2). */
export class AccessLogBucket extends Bucket implements IAccessLogBucket {
  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    const { names, purpose, writer, retentionDays } = props;
    super(scope, id, {
      bucketName: `${names.of('bucket', purpose)}-${Aws.ACCOUNT_ID}`,
      // Both services deliver access logs only to buckets with SSE-S3, not with SSE-KMS.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(retentionDays) }],
    });
    acceptFindings(this, ['PCI.DSS.321-S3DefaultEncryptionKMS'], {
      reason: `${writer} delivers access logs only to buckets with SSE-S3 encryption.`,
      compensatingControl:
        'The logs contain no card data and no bodies. The bucket is private, requires TLS, and its objects expire.',
    });
    // The rules already exempt the target bucket of S3 access logs.
    if (writer !== 'S3') {
      acceptFindings(this, ['AwsSolutions-S1', 'PCI.DSS.321-S3BucketLoggingEnabled'], {
        reason: 'The bucket is the target of logs. Logging its own deliveries would cause an endless loop.',
        compensatingControl: 'Only the log delivery service may write, and no person has read permission.',
      });
    }
    acceptFindings(this, ['PCI.DSS.321-S3BucketReplicationEnabled', 'PCI.DSS.321-S3BucketVersioningEnabled'], {
      reason: 'Access logs are written once, never changed, and expire after a fixed time.',
      compensatingControl: 'The platform logs the same requests itself.',
    });
  }

  announceObjects(): void {
    // CDK's eventBridgeEnabled adds a function that may change the notifications of every bucket. CloudFormation does not need it.
    bucketResource(this).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  /**
   * Makes this bucket the target of the server access logs of another bucket.
   *
   * CDK's `serverAccessLogsBucket` was rejected: its bucket policy references the other bucket, so on deletion this bucket would be
   * emptied first and then receive logs again.
   *
   * @param bucketArn built from the bucket name, because a reference would be circular
   */
  logRequestsTo(bucket: Bucket, bucketArn: string): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        conditions: {
          ArnLike: { 'aws:SourceArn': bucketArn },
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        },
      }),
    );
    bucketResource(bucket).loggingConfiguration = { destinationBucketName: this.bucketName };
    bucket.node.addDependency(this);
  }
}

function bucketResource(bucket: Bucket): CfnBucket {
  const resource = bucket.node.defaultChild;
  if (!(resource instanceof CfnBucket)) throw new Error(`${bucket.node.path} is not a bucket of this stack.`);
  return resource;
}
