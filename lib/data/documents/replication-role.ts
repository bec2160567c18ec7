import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import { PlatformRole } from '../../core/platform-role';
import type { ResourceNames } from '../../core/resource-names';
import { documentPrefix } from './replication-rule';

/** A bucket on either side of a replication. */
export interface ReplicationSide {
  readonly bucket: IBucket;
  readonly key: IKey;
  readonly region: string;
}

/** What the role is told. */
export interface ReplicationRoleProps {
  readonly names: ResourceNames;
  readonly destination: ReplicationSide;
}

/**
 * As whom S3 copies documents into the other region. CDK's own grant would allow it every object, tags and owners included, and write the
 * role into the policy of a key that stands in another stack.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export class ReplicationRole extends PlatformRole {
  constructor(scope: Construct, id: string, props: ReplicationRoleProps) {
    const { names, destination } = props;
    super(scope, id, {
      names,
      purpose: 'document-replication',
      description: 'As whom S3 replicates the documents of the payment platform',
      assumedBy: new ServicePrincipal('s3.amazonaws.com'),
    });
    this.#allowObjects(['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], destination);
    this.#allowKey(['kms:Encrypt', 'kms:GenerateDataKey'], destination);
  }

  /** Lets S3 read what it replicates. The bucket names its role, so it exists later than the role. */
  readFrom(source: ReplicationSide): void {
    this.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
        resources: [source.bucket.bucketArn],
      }),
    );
    const reading = ['s3:GetObjectVersionForReplication', 's3:GetObjectVersionAcl', 's3:GetObjectVersionTagging'];
    this.#allowObjects(reading, source);
    this.#allowKey(['kms:Decrypt'], source);
  }

  #allowObjects(actions: string[], { bucket }: ReplicationSide): void {
    const documents = bucket.arnForObjects(`${documentPrefix}*`);
    this.addToPolicy(new PolicyStatement({ actions, resources: [documents] }));
    acceptFindings(this, [wildcardResource(this, documents)], {
      reason: 'Documents are replicated as they come; their keys cannot be known beforehand.',
      compensatingControl: 'S3 alone assumes the role; it reads documents of one bucket and writes those of another.',
    });
  }

  /** Through S3 of its region, for this bucket only: S3 names the bucket where its bucket key is used, and the object where it is not. */
  #allowKey(actions: string[], { bucket, key, region }: ReplicationSide): void {
    this.addToPolicy(
      new PolicyStatement({
        actions,
        resources: [key.keyArn],
        conditions: {
          StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
          StringLike: {
            'kms:EncryptionContext:aws:s3:arn': [bucket.bucketArn, bucket.arnForObjects(`${documentPrefix}*`)],
          },
        },
      }),
    );
  }
}
