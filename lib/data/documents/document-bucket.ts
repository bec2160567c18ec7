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

/** What the bucket is told. */
export interface DocumentBucketProps {
  readonly names: ResourceNames;
  readonly replica: DocumentReplica;
  readonly logRetentionDays: number;
  /** Whether pages of a browser upload and download. */
  readonly forBrowsers: boolean;
}

/**
 * Documents of payments, and their way into the replica.
 *
 * Merchants reach them by requests that the API signs, so the bucket's own log is the only one that knows who came (PCI DSS 10.2).
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
      // By name: the bucket stands in another region, and its name is known beforehand.
      bucket: Bucket.fromBucketName(this, 'Replica', replicaBucketName(names)),
      key: Key.fromKeyArn(this, 'ReplicaKey', replica.keyArn),
      region: replica.region,
    };
    const role = new ReplicationRole(this, 'ReplicationRole', { names, destination });
    // Before the bucket that it logs: CDK's function that empties all buckets of a stack depends on the first of them.
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

    // As others see it: by its name, which is known beforehand, so that no grant needs an output of this stack.
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
    // CDK's grants would add listing all versions, aborting uploads and whatever the key allows.
    Grant.addToPrincipal({ grantee, actions: ['s3:GetObject', 's3:PutObject'], resourceArns: [documents] });
    // Without it, S3 answers the question for an absent document with 403 instead of 404.
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
      reason: 'Each document has a key of its own, made of ids that cannot be known beforehand.',
      compensatingControl: 'Documents of one bucket, which the API signs requests for; it can delete none of them.',
    });
  }
}

/** Any origin: who may do what is said by the signature alone, and no cookie is sent along. */
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
