import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  type Parameter,
  paginateDescribeDBClusterParameters,
  paginateDescribeDBParameters,
  type RDSClient,
} from '@aws-sdk/client-rds';
import type { StackResources } from '../stack-resources';
import { isKeyOf, problems } from './problems';

/** A database as RDS describes it: a cluster with its instances, or one instance alone. */
export interface DeployedDatabase {
  readonly database: Pick<
    DBCluster & DBInstance,
    | 'StorageEncrypted'
    | 'KmsKeyId'
    | 'MultiAZ'
    | 'DeletionProtection'
    | 'MasterUserSecret'
    | 'IAMDatabaseAuthenticationEnabled'
  >;
  readonly status: string | undefined;
  readonly instances: readonly DBInstance[];
  readonly parameters: readonly Parameter[];
}

/** Reads the one database of the data stack. */
export async function readDatabase(client: RDSClient, data: StackResources): Promise<DeployedDatabase> {
  const [clusterId] = data.all('AWS::RDS::DBCluster');
  const parameters: Parameter[] = [];
  if (clusterId === undefined) {
    const id = data.only('AWS::RDS::DBInstance');
    const { DBInstances: instances = [] } = await client.send(
      new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }),
    );
    const [instance] = instances;
    if (!instance) throw new Error(`RDS knows no instance ${id}.`);
    const group = { DBParameterGroupName: instance.DBParameterGroups?.[0]?.DBParameterGroupName };
    for await (const page of paginateDescribeDBParameters({ client }, group))
      parameters.push(...(page.Parameters ?? []));
    return { database: instance, status: instance.DBInstanceStatus, instances, parameters };
  }
  const { DBClusters: [cluster] = [] } = await client.send(
    new DescribeDBClustersCommand({ DBClusterIdentifier: clusterId }),
  );
  if (!cluster) throw new Error(`RDS knows no cluster ${clusterId}.`);
  const { DBInstances: instances = [] } = await client.send(
    new DescribeDBInstancesCommand({ Filters: [{ Name: 'db-cluster-id', Values: [clusterId] }] }),
  );
  const group = { DBClusterParameterGroupName: cluster.DBClusterParameterGroup };
  for await (const page of paginateDescribeDBClusterParameters({ client }, group))
    parameters.push(...(page.Parameters ?? []));
  return { database: cluster, status: cluster.Status, instances, parameters };
}

/** The database is encrypted, Multi-AZ, TLS only, with IAM authentication, not public, and has the expected deletion protection. */
export function databaseProblems(
  { database, status, instances, parameters }: DeployedDatabase,
  expected: { readonly keyIds: readonly string[]; readonly deletionProtection: boolean },
): string[] {
  const forceTls = parameters.find(({ ParameterName }) => ParameterName === 'rds.force_ssl')?.ParameterValue;
  return problems([
    [status === 'available', `the database is ${status ?? 'without status'}, not available`],
    [database.StorageEncrypted === true, 'the database is not encrypted'],
    [isKeyOf(expected.keyIds, database.KmsKeyId), 'the database is not encrypted under a customer managed key'],
    [database.MultiAZ === true, 'the database is in one zone only'],
    [forceTls === '1', `rds.force_ssl is ${forceTls ?? 'not set'}: connections without TLS are accepted`],
    [
      database.DeletionProtection === expected.deletionProtection,
      `deletion protection is ${String(database.DeletionProtection)}, not ${String(expected.deletionProtection)}`,
    ],
    // Migrations and functions log in so in every profile, and the API in most.
    [database.IAMDatabaseAuthenticationEnabled === true, 'the database refuses tokens of IAM'],
    [instances.length > 0, 'the database has no instance'],
    [instances.every((each) => each.PubliclyAccessible === false), 'an instance of the database is public'],
  ]);
}
