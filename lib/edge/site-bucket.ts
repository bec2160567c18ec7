import { Aws, Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acceptFindings } from '../compliance/accepted-findings';
import type { ResourceNames } from '../core/resource-names';

export interface SiteBucketProps {
  readonly names: ResourceNames;
  readonly key: IKey;
}

/** The bucket of the merchant console. Only CloudFront may read it. */
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
      reason: 'CloudFront is the only reader and logs every request of viewers.',
      compensatingControl: 'The access log of the distribution has the same retention as every other log.',
    });
    acceptFindings(this, ['PCI.DSS.321-S3BucketReplicationEnabled'], {
      reason: 'The files are built from source and published by each deployment.',
      compensatingControl: 'A deployment restores the files.',
    });
  }
}
