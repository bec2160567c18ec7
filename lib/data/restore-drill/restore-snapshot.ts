import {
  type DBCluster,
  DBClusterAlreadyExistsFault,
  type DBClusterSnapshot,
  paginateDescribeDBClusterSnapshots,
  type RDSClient,
  RestoreDBClusterFromSnapshotCommand,
  type Tag,
} from '@aws-sdk/client-rds';
import type { RestoreDrillRun, RestoreDrillTarget, RestoreAnswer } from './restore-drill-contract';
import { RestoreDrillError } from './restore-drill-error';
import { describeCluster } from './restored-cluster';

const hour = 3_600_000;
/** Automated snapshots are daily, complete within an hour after the backup window of one hour. */
const oldestSnapshotHours = 26;
/** The tag that identifies the copy of a run. */
const runTag = 'RestoreDrillRun';

/**
 * Starts restoring the newest automated snapshot. Idempotent within a run.
 *
 * @throws RestoreDrillError `giveUp` without a snapshot of the last day, or if a copy of another run exists
 */
export async function restoreSnapshot(
  rds: RDSClient,
  target: RestoreDrillTarget,
  run: RestoreDrillRun,
): Promise<RestoreAnswer> {
  const { SOURCE_CLUSTER: sourceId } = target;
  const source = await describeCluster(rds, sourceId);
  if (!source) throw new RestoreDrillError('giveUp', `The cluster ${sourceId} does not exist.`);
  if (hoursSince(source.ClusterCreateTime) < 24) {
    return {
      outcome: 'too-early',
      reason: `The cluster ${sourceId} is less than a day old, so its first snapshot may be empty.`,
    };
  }
  const snapshot = await newestSnapshot(rds, sourceId);
  const { DBClusterSnapshotIdentifier: snapshotId = '', SnapshotCreateTime: takenAt } = snapshot;
  const snapshotTakenAt = takenAt?.toISOString() ?? '';
  if (hoursSince(takenAt) > oldestSnapshotHours) {
    throw new RestoreDrillError(
      'giveUp',
      `The newest snapshot of ${sourceId}, ${snapshotId}, was taken at ${snapshotTakenAt}, more than ${oldestSnapshotHours} hours ago.`,
    );
  }
  await restore(rds, target, source, snapshot, run);
  return { outcome: 'restoring', snapshotId, snapshotTakenAt };
}

async function newestSnapshot(rds: RDSClient, sourceId: string): Promise<DBClusterSnapshot> {
  let newest: DBClusterSnapshot | undefined;
  const request = { DBClusterIdentifier: sourceId, SnapshotType: 'automated' };
  for await (const { DBClusterSnapshots = [] } of paginateDescribeDBClusterSnapshots({ client: rds }, request)) {
    for (const snapshot of DBClusterSnapshots) {
      if (
        snapshot.Status === 'available' &&
        hoursSince(snapshot.SnapshotCreateTime) < hoursSince(newest?.SnapshotCreateTime)
      )
        newest = snapshot;
    }
  }
  if (!newest) throw new RestoreDrillError('giveUp', `The cluster ${sourceId} has no automated snapshot.`);
  return newest;
}

async function restore(
  rds: RDSClient,
  { RESTORED_CLUSTER: clusterId, SECURITY_GROUP_ID: securityGroupId, KEY_ARN: keyArn }: RestoreDrillTarget,
  source: DBCluster,
  { DBClusterSnapshotArn: snapshotArn }: DBClusterSnapshot,
  { executionArn }: RestoreDrillRun,
): Promise<void> {
  try {
    await rds.send(
      new RestoreDBClusterFromSnapshotCommand({
        DBClusterIdentifier: clusterId,
        SnapshotIdentifier: snapshotArn,
        Engine: source.Engine,
        // Like the source: subnets, parameters (which require TLS) and IAM authentication.
        DBSubnetGroupName: source.DBSubnetGroup,
        DBClusterParameterGroupName: source.DBClusterParameterGroup,
        EnableIAMDatabaseAuthentication: true,
        KmsKeyId: keyArn,
        VpcSecurityGroupIds: [securityGroupId],
        ServerlessV2ScalingConfiguration: {
          MinCapacity: 0.5,
          MaxCapacity: source.ServerlessV2ScalingConfiguration?.MaxCapacity ?? 2,
        },
        DeletionProtection: false,
        CopyTagsToSnapshot: false,
        // Without log exports, for which RDS would create an unencrypted log group that outlives the copy.
        Tags: tagsOf(source, clusterId, executionArn),
      }),
    );
  } catch (error) {
    if (!(error instanceof DBClusterAlreadyExistsFault)) throw error;
    const existing = await describeCluster(rds, clusterId);
    // An earlier call of this run created it, but its response was lost.
    if (existing?.TagList?.some(({ Key, Value }) => Key === runTag && Value === lastPart(executionArn))) return;
    throw new RestoreDrillError('giveUp', `The cluster ${clusterId} exists but was not created by this run.`);
  }
}

/** The tags of the source without those of AWS, and another Name. */
function tagsOf({ TagList = [] }: DBCluster, name: string, executionArn: string): Tag[] {
  const kept = TagList.filter(({ Key = '' }) => !Key.startsWith('aws:') && Key !== 'Name');
  return [...kept, { Key: 'Name', Value: name }, { Key: runTag, Value: lastPart(executionArn) }];
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

function hoursSince(time: Date | undefined): number {
  return time === undefined ? Infinity : (Date.now() - time.getTime()) / hour;
}
