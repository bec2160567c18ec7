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

export interface ReplicationRoleProps {
  readonly names: ResourceNames;
  readonly destination: ReplicationSide;
}

/**
 * The role that S3 assumes for replication. CDK's own role was rejected: it may access all objects with their tags and owners, and CDK
 * would add it to the policy of a key in another stack.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export class ReplicationRole extends PlatformRole {
  constructor(scope: Construct, id: string, props: ReplicationRoleProps) {
    const { names, destination } = props;
    super(scope, id, {
      names,
      purpose: 'document-replication',
      description: 'Lets S3 replicate the documents of the payment platform',
      assumedBy: new ServicePrincipal('s3.amazonaws.com'),
    });
    this.#allowObjects(['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], destination);
    this.#allowKey(['kms:Encrypt', 'kms:GenerateDataKey'], destination);
  }

  /** Grants reading the source. Separate from the constructor, because the bucket refers to the role. */
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
      reason: 'Object keys contain ids that are unknown at deployment.',
      compensatingControl: 'Only S3 may assume the role, which reads documents of one bucket and writes to another.',
    });
  }

  /** Grants key use through S3 for this bucket. The encryption context is the bucket with an S3 Bucket Key, otherwise the object. */
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
