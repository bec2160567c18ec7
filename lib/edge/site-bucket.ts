import { Aws, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from '../core/resource-names';

/** What the bucket is told. */
export interface SiteBucketProps {
  readonly names: ResourceNames;
  readonly key: IKey;
}

/** The files of the merchant console, which CloudFront alone may read. */
export class SiteBucket extends Bucket {
  constructor(scope: Construct, id: string, props: SiteBucketProps) {
    const { names, key } = props;
    super(scope, id, {
      bucketName: `${names.of('bucket', 'site')}-${Aws.ACCOUNT_ID}`,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      versioned: true,
      lifecycleRules: [{ id: 'forget-replaced-files', noncurrentVersionExpiration: Duration.days(30) }],
    });
    acceptFindings(this, ['AwsSolutions-S1', 'PCI.DSS.321-S3BucketLoggingEnabled'], {
      reason: 'CloudFront is the only reader, and logs each request of each viewer.',
      compensatingControl: 'The access log of the distribution is kept as long as every other log.',
    });
    acceptFindings(this, ['PCI.DSS.321-S3BucketReplicationEnabled'], {
      reason: 'The files are built from source and published with each deployment; CloudFront holds copies everywhere.',
      compensatingControl: 'One deployment restores them.',
    });
  }
}
