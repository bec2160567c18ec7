import {
  type DBCluster,
  type DBInstance,
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { databaseProblems, readDatabase } from '../integration/checks/database';
import { readRotatedSecrets, rotationProblems } from '../integration/checks/secrets';
import { StackResources } from '../integration/stack-resources';

const rds = mockClient(RDSClient);
const secretsManager = mockClient(SecretsManagerClient);

beforeEach(() => {
  rds.reset();
  secretsManager.reset();
});

const key = 'arn:aws:kms:eu-south-2:111122223333:key/';
const expected = { keyIds: ['key-1'], deletionProtection: false };
const cluster: DBCluster = {
  Status: 'available',
  StorageEncrypted: true,
  KmsKeyId: `${key}key-1`,
  MultiAZ: true,
  DeletionProtection: false,
  IAMDatabaseAuthenticationEnabled: true,
  DBClusterParameterGroup: 'group-1',
};
const instance: DBInstance = { PubliclyAccessible: false };

async function clusterProblems(change: DBCluster, forceTls: string | undefined, ...instances: DBInstance[]) {
  rds
    .on(DescribeDBClustersCommand, { DBClusterIdentifier: 'db-1' })
    .resolves({ DBClusters: [{ ...cluster, ...change }] });
  rds.on(DescribeDBInstancesCommand).resolves({ DBInstances: instances });
  // The parameter stands on the second page.
  rds
    .on(DescribeDBClusterParametersCommand, { DBClusterParameterGroupName: 'group-1' })
    .resolvesOnce({ Marker: 'more', Parameters: [{ ParameterName: 'other', ParameterValue: '1' }] })
    .resolves({ Parameters: [{ ParameterName: 'rds.force_ssl', ParameterValue: forceTls }] });
  const data = new StackResources([['AWS::RDS::DBCluster', 'db-1']]);
  return databaseProblems(await readDatabase(new RDSClient({}), data), expected);
}

test('accepts a correct cluster', async () => {
  await expect(clusterProblems({}, '1', instance, instance)).resolves.toEqual([]);
});

test.each<[string, DBCluster]>([
  ['not available', { Status: 'modifying' }],
  ['not encrypted', { StorageEncrypted: false }],
  ['customer managed key', { KmsKeyId: `${key}of-aws` }],
  ['one zone only', { MultiAZ: false }],
  ['deletion protection is true, not false', { DeletionProtection: true }],
  ['refuses tokens of IAM', { IAMDatabaseAuthenticationEnabled: false }],
])('a cluster: %s', async (problem, change) => {
  await expect(clusterProblems(change, '1', instance)).resolves.toEqual([expect.stringContaining(problem)]);
});

test('reports a cluster without forced TLS, without instances or with a public one', async () => {
  await expect(clusterProblems({}, '0', instance)).resolves.toEqual([expect.stringContaining('rds.force_ssl is 0')]);
  await expect(clusterProblems({}, '1')).resolves.toEqual(['the database has no instance']);
  await expect(clusterProblems({}, '1', instance, { PubliclyAccessible: true })).resolves.toEqual([
    'an instance of the database is public',
  ]);
});

test.each([
  ['1', true, []],
  ['0', true, ['rds.force_ssl is 0: connections without TLS are accepted']],
  ['1', false, ['deletion protection is false, not true']],
])('reports an instance with TLS %s and deletion protection %s', async (forceTls, isProtected, problems) => {
  const { StorageEncrypted, KmsKeyId, MultiAZ, IAMDatabaseAuthenticationEnabled } = cluster;
  const DBParameterGroups = [{ DBParameterGroupName: 'group-1' }];
  const DBInstances = [
    {
      ...instance,
      StorageEncrypted,
      KmsKeyId,
      MultiAZ,
      IAMDatabaseAuthenticationEnabled,
      DeletionProtection: isProtected,
      DBInstanceStatus: 'available',
      DBParameterGroups,
    },
  ];
  rds.on(DescribeDBInstancesCommand, { DBInstanceIdentifier: 'db-1' }).resolves({ DBInstances });
  rds
    .on(DescribeDBParametersCommand, { DBParameterGroupName: 'group-1' })
    .resolves({ Parameters: [{ ParameterName: 'rds.force_ssl', ParameterValue: forceTls }] });
  const data = new StackResources([['AWS::RDS::DBInstance', 'db-1']]);
  const deployed = await readDatabase(new RDSClient({}), data);
  expect(databaseProblems(deployed, { ...expected, deletionProtection: true })).toEqual(problems);
});

const rotated: DescribeSecretResponse = {
  Name: 'secret-1',
  RotationEnabled: true,
  RotationRules: { AutomaticallyAfterDays: 30 },
};

test.each<[DescribeSecretResponse, string[]]>([
  [{}, []],
  [{ RotationEnabled: false }, ['secret-1 is not rotated']],
  [{ RotationRules: { AutomaticallyAfterDays: 91 } }, ['secret-1 is rotated less often than every 90 days']],
  [{ RotationRules: undefined }, ['secret-1 is rotated less often than every 90 days']],
])('checks the RDS-managed credential with %j', async (change, problems) => {
  secretsManager.on(DescribeSecretCommand, { SecretId: 'arn:1' }).resolves({ ...rotated, ...change });
  const secrets = await readRotatedSecrets(new SecretsManagerClient({}), new StackResources([]), 'arn:1');
  expect(rotationProblems(secrets)).toEqual(problems);
});

test('reads every secret with a rotation once', async () => {
  secretsManager.on(DescribeSecretCommand).resolves({ ...rotated, RotationEnabled: false });
  const data = new StackResources(['arn:1', 'arn:2'].map((arn) => ['AWS::SecretsManager::RotationSchedule', arn]));
  expect(rotationProblems(await readRotatedSecrets(new SecretsManagerClient({}), data, 'arn:1'))).toHaveLength(2);
});
