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

/** What the document bucket replicates into. */
export interface DocumentReplica {
  readonly keyArn: string;
  readonly region: string;
  /** What both buckets are asked for. */
  readonly config: DocumentsConfig;
}

/** What the replica stack is given. */
export interface DocumentReplicaStackProps extends PlatformStackProps {
  readonly config: DocumentsConfig;
}

/**
 * The satellite of the data tier: the documents once more, in another region, under a key of that region.
 *
 * It exists before the bucket that replicates into it, and outlives it: a replica must not be emptied while it is being written.
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
      reason: 'Replication is the only writer, and nobody is granted to read the replica.',
      compensatingControl:
        'The bucket that it copies logs each request; no other role of the platform is granted anything here.',
    });
    acceptFindings(bucket, ['PCI.DSS.321-S3BucketReplicationEnabled'], {
      reason: 'The bucket is itself the replica.',
      compensatingControl: 'The documents lie in the home region too, versioned.',
    });
    const notifications = new AlarmNotifications(this, 'Notifications', {
      names,
      purpose: 'replica-alarms',
      email: settings.alarmEmail,
    });
    // Here, because S3 publishes the metric in the region of the destination only.
    const alarm = lateReplication(names);
    createAlarm(this, alarm, names, notifications.action);
    this.alarmArns = [alarmArn(this, alarm, names)];
    new CfnOutput(this, 'AlarmTopicArn', { value: notifications.topicArn });
    this.keyArn = arnForOtherRegions(key);
    this.config = config;
  }
}

/** As CloudFormation knows it: CDK's own property would compose it from a name, which keys do not have. */
function arnForOtherRegions(key: Key): string {
  const resource = key.node.defaultChild;
  if (!(resource instanceof CfnKey)) throw new Error(`${key.node.path} is no key of this stack.`);
  return resource.attrArn;
}
