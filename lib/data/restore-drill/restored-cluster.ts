import {
  CreateDBInstanceCommand,
  type DBCluster,
  DBClusterNotFoundFault,
  type DBInstance,
  DBInstanceNotFoundFault,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  InvalidDBClusterStateFault,
  InvalidDBInstanceStateFault,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { RestoreDrillTarget } from './restore-drill-contract';
import { RestoreDrillError } from './restore-drill-error';

/** The endpoint of a restored database. */
export interface RestoredEndpoint {
  readonly host: string;
  readonly port: number;
}

/** Final failure states. */
const dead = /failed|incompatible|inaccessible|error|delet|stop|insufficient/;

/** Describes a cluster; `undefined` if it does not exist. */
export async function describeCluster(rds: RDSClient, identifier: string): Promise<DBCluster | undefined> {
  const found = rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: identifier }));
  return (await unlessMissing(found))?.DBClusters?.[0];
}

/**
 * Creates the instance of the restored cluster if it has none, and returns the endpoint once it is available.
 *
 * @throws RestoreDrillError `wait` until it is available, `giveUp` in a final failure state
 */
export async function awaitDatabase(rds: RDSClient, target: RestoreDrillTarget): Promise<RestoredEndpoint> {
  const { RESTORED_CLUSTER: clusterId, RESTORED_INSTANCE: instanceId } = target;
  const cluster = await describeCluster(rds, clusterId);
  if (!cluster) throw new RestoreDrillError('giveUp', `The restored cluster ${clusterId} no longer exists.`);
  refuseUnlessAvailable(`cluster ${clusterId}`, cluster.Status);
  const instance = await describeInstance(rds, instanceId);
  if (!instance) {
    await createInstance(rds, target, cluster);
    throw new RestoreDrillError('wait', `The instance ${instanceId} is being created.`);
  }
  refuseUnlessAvailable(`instance ${instanceId}`, instance.DBInstanceStatus);
  const { Endpoint: host, Port: port } = cluster;
  if (host === undefined || port === undefined)
    throw new RestoreDrillError('wait', `The cluster ${clusterId} has no endpoint yet.`);
  return { host, port };
}

/**
 * Continues the deletion of the restored cluster. Idempotent in any state.
 *
 * @returns whether the deletion is complete
 */
export async function removeDatabase(
  rds: RDSClient,
  {
    RESTORED_CLUSTER: clusterId,
    RESTORED_INSTANCE: instanceId,
  }: Pick<RestoreDrillTarget, 'RESTORED_CLUSTER' | 'RESTORED_INSTANCE'>,
): Promise<boolean> {
  const [cluster, instance] = await Promise.all([describeCluster(rds, clusterId), describeInstance(rds, instanceId)]);
  if (!cluster && !instance) return true;
  if (instance && instance.DBInstanceStatus !== 'deleting') {
    await unlessBusy(
      rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: instanceId, SkipFinalSnapshot: true })),
    );
  }
  if (cluster && cluster.Status !== 'deleting') {
    await unlessBusy(
      rds.send(
        new DeleteDBClusterCommand({
          DBClusterIdentifier: clusterId,
          SkipFinalSnapshot: true,
          // Deletes the automated backups of the copy too.
          DeleteAutomatedBackups: true,
        }),
      ),
    );
  }
  return false;
}

async function createInstance(
  rds: RDSClient,
  target: RestoreDrillTarget,
  { Engine, TagList }: DBCluster,
): Promise<void> {
  const { RESTORED_CLUSTER: clusterId, RESTORED_INSTANCE: instanceId } = target;
  await rds.send(
    new CreateDBInstanceCommand({
      DBClusterIdentifier: clusterId,
      DBInstanceIdentifier: instanceId,
      // Serverless, whatever the class of the source, because the copy is used briefly.
      DBInstanceClass: 'db.serverless',
      Engine,
      PubliclyAccessible: false,
      CACertificateIdentifier: 'rds-ca-rsa2048-g1',
      Tags: TagList?.map(({ Key, Value }) => ({ Key, Value: Key === 'Name' ? instanceId : Value })),
    }),
  );
}

async function describeInstance(rds: RDSClient, identifier: string): Promise<DBInstance | undefined> {
  const found = rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: identifier }));
  return (await unlessMissing(found))?.DBInstances?.[0];
}

function refuseUnlessAvailable(what: string, status = 'unknown'): void {
  if (status === 'available') return;
  if (dead.test(status)) throw new RestoreDrillError('giveUp', `The restored ${what} is ${status}.`);
  throw new RestoreDrillError('wait', `The restored ${what} is ${status}.`);
}

async function unlessMissing<T>(request: Promise<T>): Promise<T | undefined> {
  return unless(request, [DBClusterNotFoundFault, DBInstanceNotFoundFault]);
}

/** Ignores states that a later call resolves, and resources that are already deleted. */
async function unlessBusy(request: Promise<unknown>): Promise<void> {
  await unless(request, [
    DBClusterNotFoundFault,
    DBInstanceNotFoundFault,
    InvalidDBClusterStateFault,
    InvalidDBInstanceStateFault,
  ]);
}

type ErrorClass = abstract new (...parameters: never[]) => Error;

async function unless<T>(request: Promise<T>, expected: readonly ErrorClass[]): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (expected.some((kind) => error instanceof kind)) return undefined;
    throw error;
  }
}
