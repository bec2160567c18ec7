import { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type CorsRule, HttpMethods, type IBucket, type ReplicationRule } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct } from 'constructs';
import { acceptFindings, wildcardResource } from '../../compliance/accepted-findings';
import { AccessLogBucket } from '../../constructs/access-log-bucket';
import type { AlarmDefinition } from '../../constructs/alarm-definition';
import type { ResourceNames } from '../../core/resource-names';
import { addOutput } from '../../core/add-output';
import type { IDocumentBucket } from '../data-resources';
import { DocumentArchive } from './document-archive';
import type { DocumentReplica } from './document-replica-stack';
import { ReplicationRole, type ReplicationSide } from './replication-role';
import {
  documentBucketName,
  documentPrefix,
  failedReplication,
  replicaBucketName,
  replicationRuleId,
  replicationTime,
} from './replication-rule';

export interface DocumentBucketProps {
  readonly names: ResourceNames;
  readonly replica: DocumentReplica;
  readonly logRetentionDays: number;
  /** Whether CORS allows uploads and downloads from browsers. */
  readonly forBrowsers: boolean;
}

/**
 * The bucket of payment documents, with replication to another region.
 *
 * Merchants use presigned URLs, so only the access log of the bucket records their requests (PCI DSS 10.2).
 */
export class DocumentBucket extends Construct implements IDocumentBucket {
  readonly bucketName: string;
  readonly regionalDomainName: string;
  readonly retentionDays: number;
  readonly alarms: readonly AlarmDefinition[];
  readonly #bucket: IBucket;
  readonly #key: IKey;

  constructor(scope: Construct, id: string, props: DocumentBucketProps) {
    super(scope, id);
    const { names, replica, logRetentionDays, forBrowsers } = props;
    const { archiveAfterDays, expireAfterDays } = replica.config;
    const key = new Key(this, 'Key', {
      alias: `alias/${names.of('key', 'documents')}`,
      description: 'Encrypts the documents of payments',
    });
    const destination = {
      // By name, because the bucket is in another region and its name is fixed.
      bucket: Bucket.fromBucketName(this, 'Replica', replicaBucketName(names)),
      key: Key.fromKeyArn(this, 'ReplicaKey', replica.keyArn),
      region: replica.region,
    };
    const role = new ReplicationRole(this, 'ReplicationRole', { names, destination });
    // Before the document bucket, because CDK's auto-delete function depends on the first bucket of the stack.
    const accessLogs = new AccessLogBucket(this, 'AccessLogs', {
      names,
      purpose: 'document-logs',
      writer: 'S3',
      retentionDays: logRetentionDays,
    });
    const bucket = new DocumentArchive(this, 'Bucket', {
      bucketName: documentBucketName(names),
      key,
      archiveAfterDays,
      expireAfterDays,
      source: {
        cors: forBrowsers ? [pagesOfAnyOrigin] : undefined,
        replicationRole: role,
        replicationRules: [everyDocumentInto(destination)],
      },
    });
    role.readFrom({ bucket, key, region: Stack.of(this).region });

    // Imported by its fixed name, so that grants in other stacks need no cross-stack reference.
    this.#bucket = Bucket.fromBucketName(this, 'Named', documentBucketName(names));
    accessLogs.logRequestsTo(bucket, this.#bucket.bucketArn);
    this.#key = key;
    this.bucketName = this.#bucket.bucketName;
    addOutput(this, 'DocumentBucketName', this.bucketName);
    this.regionalDomainName = this.#bucket.bucketRegionalDomainName;
    this.retentionDays = expireAfterDays;
    this.alarms = [failedReplication(names)];
  }

  grantUse(grantee: IGrantable & IConstruct): void {
    const documents = this.#bucket.arnForObjects(`${documentPrefix}*`);
    // CDK's grants would also allow listing versions, aborting uploads and more key actions.
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject', 's3:PutObject'], resourceArns: [documents] });
    // Without s3:ListBucket, S3 returns 403 instead of 404 for a missing document.
    Grant.addToPrincipal({ grantee, actions: ['s3:ListBucket'], resourceArns: [this.#bucket.bucketArn] });
    Grant.addToPrincipal({
      grantee,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resourceArns: [this.#key.keyArn],
      conditions: {
        StringEquals: {
          'kms:ViaService': `s3.${Stack.of(this).region}.amazonaws.com`,
          'kms:EncryptionContext:aws:s3:arn': this.#bucket.bucketArn,
        },
      },
    });
    acceptFindings(grantee, [wildcardResource(grantee, documents)], {
      reason: 'Object keys contain ids that are unknown at deployment.',
      compensatingControl: 'The role may only read and write documents of one bucket, not delete them.',
    });
  }
}

/** Any origin, because the signature of the URL authorizes the request and browsers send no cookies. */
const pagesOfAnyOrigin: CorsRule = {
  allowedMethods: [HttpMethods.GET, HttpMethods.PUT],
  allowedOrigins: ['*'],
  allowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
};

function everyDocumentInto({ bucket, key }: ReplicationSide): ReplicationRule {
  return {
    id: replicationRuleId,
    priority: 1,
    destination: bucket,
    kmsKey: key,
    sseKmsEncryptedObjects: true,
    deleteMarkerReplication: true,
    replicationTimeControl: replicationTime,
    metrics: replicationTime,
    filter: { prefix: documentPrefix },
  };
}
