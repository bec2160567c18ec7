import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, BucketEncryption, CfnBucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from '../core/resource-names';

/** What the bucket is told. */
export interface AccessLogBucketProps {
  readonly names: ResourceNames;
  /** Whose logs these are, in kebab case: `alb-logs`. */
  readonly purpose: string;
  /** Which service of AWS writes them. */
  readonly writer: 'Elastic Load Balancing' | 'S3';
  readonly retentionDays: number;
}

/** A bucket of log files, as those see it who wait for new ones. */
export interface IAccessLogBucket extends IBucket {
  /** Tells EventBridge of each new object. */
  announceObjects(): void;
}

/** Where a service of AWS writes one line for each request that it answers for us (PCI DSS 10.2). */
export class AccessLogBucket extends Bucket implements IAccessLogBucket {
  constructor(scope: Construct, id: string, props: AccessLogBucketProps) {
    const { names, purpose, writer, retentionDays } = props;
    super(scope, id, {
      bucketName: `${names.of('bucket', purpose)}-${Aws.ACCOUNT_ID}`,
      // Neither service delivers to anything else: not under our keys, nor under AWS's own KMS key.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(retentionDays) }],
    });
    acceptFindings(this, ['PCI.DSS.321-S3DefaultEncryptionKMS'], {
      reason: `${writer} delivers access logs only to buckets that are encrypted with keys of S3.`,
      compensatingControl:
        'The logs hold no card data and no bodies; the bucket is private, TLS only, and expires its objects.',
    });
    // The target of a bucket's own logs the rules recognize by themselves.
    if (writer !== 'S3') {
      acceptFindings(this, ['AwsSolutions-S1', 'PCI.DSS.321-S3BucketLoggingEnabled'], {
        reason: 'The bucket is itself the target of logs; logging its own deliveries would write for ever.',
        compensatingControl: 'Only the log delivery service may write, and no person is granted to read.',
      });
    }
    acceptFindings(this, ['PCI.DSS.321-S3BucketReplicationEnabled', 'PCI.DSS.321-S3BucketVersioningEnabled'], {
      reason: 'Access logs are written once, never changed, and kept for a fixed time in one region.',
      compensatingControl: 'The platform keeps its own logs of the same requests.',
    });
  }

  announceObjects(): void {
    // CDK's own switch brings a function that may change the notifications of every bucket; CloudFormation needs none.
    bucketResource(this).notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  /**
   * Has S3 write here what another bucket is asked, from when that bucket exists until it is gone.
   *
   * CDK's own way (`serverAccessLogsBucket`) lets the logs in by a reference to the other bucket: on destruction this one
   * would be emptied first, and filled again while the other is.
   *
   * @param bucketArn made of the bucket's name, not a reference to it
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
