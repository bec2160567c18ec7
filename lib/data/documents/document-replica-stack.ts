import { CfnOutput } from 'aws-cdk-lib';
import { CfnKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acceptFindings } from '../../compliance/accepted-findings';
import type { DocumentsConfig } from '../../config/deployment-profile';
import { alarmArn, createAlarm } from '../../constructs/alarm-definition';
import { AlarmNotifications } from '../../constructs/alarm-notifications';
import { PlatformStack, type PlatformStackProps } from '../../core/platform-stack';
import { DocumentArchive } from './document-archive';
import { lateReplication, replicaBucketName } from './replication-rule';

/** The replica of the document bucket. */
export interface DocumentReplica {
  readonly keyArn: string;
  readonly region: string;
  /** The settings of both buckets. */
  readonly config: DocumentsConfig;
}

export interface DocumentReplicaStackProps extends PlatformStackProps {
  readonly config: DocumentsConfig;
}

/**
 * The replica bucket in another region, with a key of that region.
 *
 * It is deployed before the source bucket and deleted after it, because a replica cannot be emptied during replication.
 */
export class DocumentReplicaStack extends PlatformStack implements DocumentReplica {
  readonly keyArn: string;
  readonly config: DocumentsConfig;
  /** Alarms of this stack, which notify by themselves. */
  readonly alarmArns: readonly string[];

  constructor(scope: Construct, id: string, props: DocumentReplicaStackProps) {
    const { config, settings } = props;
    super(scope, id, props, {
      tier: 'replica',
      description: 'Payment platform: replica of the documents in the disaster-recovery region',
      region: config.replicaRegion,
    });
    const { names } = this;
    const key = new Key(this, 'Key', {
      alias: `alias/${names.of('key', 'documents-replica')}`,
      description: 'Encrypts the replica of the documents of payments',
    });
    const bucket = new DocumentArchive(this, 'Bucket', {
      bucketName: replicaBucketName(names),
      key,
      archiveAfterDays: config.archiveAfterDays,
      expireAfterDays: config.expireAfterDays,
    });
    acceptFindings(bucket, ['AwsSolutions-S1', 'PCI.DSS.321-S3BucketLoggingEnabled'], {
      reason: 'Only replication writes to the bucket, and no role may read it.',
      compensatingControl: 'The source bucket logs each request, and no other role has access to the replica.',
    });
    acceptFindings(bucket, ['PCI.DSS.321-S3BucketReplicationEnabled'], {
      reason: 'The bucket is the replica.',
      compensatingControl: 'The home region has the same documents, with versions.',
    });
    const notifications = new AlarmNotifications(this, 'Notifications', {
      names,
      purpose: 'replica-alarms',
      email: settings.alarmEmail,
    });
    // In this stack, because S3 publishes the metric only in the destination region.
    const alarm = lateReplication(names);
    createAlarm(this, alarm, names, notifications.action);
    this.alarmArns = [alarmArn(this, alarm, names)];
    new CfnOutput(this, 'AlarmTopicArn', { value: notifications.topicArn });
    this.keyArn = arnForOtherRegions(key);
    this.config = config;
  }
}

/** The ARN attribute. In other regions, CDK would compose `key.keyArn` from a physical name, which keys do not have. */
function arnForOtherRegions(key: Key): string {
  const resource = key.node.defaultChild;
  if (!(resource instanceof CfnKey)) throw new Error(`${key.node.path} is no key of this stack.`);
  return resource.attrArn;
}
