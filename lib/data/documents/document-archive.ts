import { Duration } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockedEncryptionType, Bucket, BucketEncryption, type BucketProps, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

/** What an archive is told. */
export interface DocumentArchiveProps {
  readonly bucketName: string;
  readonly key: IKey;
  /** When a document moves to cheaper storage, in days. */
  readonly archiveAfterDays: number;
  /** When a document is removed, in days. */
  readonly expireAfterDays: number;
  /** What the first bucket has beyond its replica. @default - nothing */
  readonly source?: Pick<BucketProps, 'cors' | 'replicationRole' | 'replicationRules'>;
}

/** How long what was replaced can be brought back, in days. */
const recoverableDays = 30;

/**
 * A bucket of documents, the first or its replica: versioned, under one customer managed key and no other, archived and removed by age.
 *
 * The archive is Glacier Instant Retrieval: a download stays one request, years later too. The deeper classes are cheaper, but have to be
 * asked hours before, which no merchant would understand.
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
      // A key that the uploader brings would be one that nobody else has.
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
    // Without such a header the bucket's own encryption holds; with one, it must say the same.
    this.#refuseUploads('DenyOtherEncryption', 's3:x-amz-server-side-encryption', 'aws:kms');
    this.#refuseUploads('DenyOtherKeys', 's3:x-amz-server-side-encryption-aws-kms-key-id', key.keyArn);
  }

  /** Refuses uploads whose header of this condition key says something else than `value`. */
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
