import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockedEncryptionType, Bucket, BucketEncryption, type BucketProps, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface DocumentArchiveProps {
  readonly bucketName: string;
  readonly key: IKey;
  /** Age at which a document moves to the archive storage class, in days. */
  readonly archiveAfterDays: number;
  /** Age at which a document is deleted, in days. */
  readonly expireAfterDays: number;
  /** Further properties of the source bucket. @default - none */
  readonly source?: Pick<BucketProps, 'cors' | 'replicationRole' | 'replicationRules'>;
}

/** Retention of noncurrent versions, in days. */
const recoverableDays = 30;

/**
 * A bucket of documents, source or replica: versioned, restricted to one customer managed key, with archiving and expiry by age.
 *
 * The archive class is Glacier Instant Retrieval, so a download stays a single request. Deeper classes are cheaper but need hours to
 * restore an object, which is too long for merchants.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/glacier-storage-classes.html
 */
export class DocumentArchive extends Bucket {
  constructor(scope: Construct, id: string, props: DocumentArchiveProps) {
    const { bucketName, key, archiveAfterDays, expireAfterDays, source } = props;
    super(scope, id, {
      ...source,
      bucketName,
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      bucketKeyEnabled: true,
      // With SSE-C, only the uploader would have the key.
      blockedEncryptionTypes: [BlockedEncryptionType.SSE_C],
      versioned: true,
      lifecycleRules: [
        {
          id: 'archive',
          transitions: [
            {
              storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL,
              transitionAfter: Duration.days(archiveAfterDays),
            },
          ],
        },
        {
          id: 'expire',
          expiration: Duration.days(expireAfterDays),
          noncurrentVersionExpiration: Duration.days(recoverableDays),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
        { id: 'forget-delete-markers', expiredObjectDeleteMarker: true },
      ],
    });
    // Without an encryption header, the bucket default applies. A header must match it.
    this.#refuseUploads('DenyOtherEncryption', 's3:x-amz-server-side-encryption', 'aws:kms');
    this.#refuseUploads('DenyOtherKeys', 's3:x-amz-server-side-encryption-aws-kms-key-id', key.keyArn);
  }

  /** Denies uploads whose encryption header differs from `value`. */
  #refuseUploads(sid: string, conditionKey: string, value: string): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.arnForObjects('*')],
        conditions: { Null: { [conditionKey]: 'false' }, StringNotEquals: { [conditionKey]: value } },
      }),
    );
  }
}
