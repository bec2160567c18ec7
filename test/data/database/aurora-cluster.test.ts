import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { PlatformRole } from '../../../lib/core/platform-role';
import { AuroraCluster } from '../../../lib/data/database/aurora-cluster';
import { RdsManagedCredentials } from '../../../lib/data/database/credentials/rds-managed-credentials';
import type { AuroraConfig } from '../../../lib/config/deployment-profile';
import { fakeNetwork } from '../../support/fake-tiers';
import { referenceOf, TemplateResources } from '../../support/template-resources';
import { testSettings, TestStack } from '../../support/test-app';

const stack = new TestStack();
const secretsKey = new Key(stack, 'SecretsKey');
const props = {
  names: stack.names,
  network: fakeNetwork(stack),
  key: new Key(stack, 'StorageKey'),
  credentials: new RdsManagedCredentials({ secretsKey, rotationDays: 30 }),
  expectedConnections: 200,
  mayBeDestroyed: false,
  namesSessionsInLog: false,
};
const config = testSettings().profile.database as AuroraConfig;
const database = new AuroraCluster(stack, 'Database', { ...props, config });
/** A role like those of the compute tier. */
const role = (purpose: string) =>
  new PlatformRole(stack, purpose, {
    names: stack.names,
    purpose,
    description: 'Test',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
database.grantConnect(role('api'), 'payments_api');
database.grantAdminister(role('migration'));

const resources = new TemplateResources(stack);
const [clusterId, cluster] = resources.only('AWS::RDS::DBCluster');
const instances = resources.entries('AWS::RDS::DBInstance');
const keyIds = Object.fromEntries(
  [props.key, secretsKey].map((key) => [key.node.id, referenceOf(stack.resolve(key.keyArn))]),
);

test('is an Aurora PostgreSQL cluster in the data subnets, with the database security group', () => {
  expect(cluster.Properties).toMatchObject({
    Engine: 'aurora-postgresql',
    EngineVersion: '17.7',
    DatabaseName: 'payments',
    Port: 5432,
    VpcSecurityGroupIds: ['sg-0123456789abcdef3'],
  });
  const [subnetGroup, { Properties }] = resources.only('AWS::RDS::DBSubnetGroup');
  expect(referenceOf(cluster.Properties['DBSubnetGroupName'])).toBe(subnetGroup);
  expect(stack.resolve(database.host)).toEqual({ 'Fn::GetAtt': [clusterId, 'Endpoint.Address'] });
  expect([cluster.Properties['DBClusterIdentifier'], Properties['DBSubnetGroupName']]).toEqual([
    'database-test1',
    'database-subnet-group-test1',
  ]);
  // One subnet a zone: Aurora puts writer and readers into different ones.
  expect(Properties['SubnetIds']).toEqual([
    'subnet-c1000000000000000',
    'subnet-c2000000000000000',
    'subnet-c3000000000000000',
  ]);
});

test('has a writer and a failover reader without public addresses', () => {
  const described = instances.map(
    ([
      ,
      {
        Properties: { DBInstanceIdentifier, DBInstanceClass, PubliclyAccessible },
      },
    ]) => [DBInstanceIdentifier, DBInstanceClass, PubliclyAccessible],
  );
  expect(described).toEqual([
    ['writer-database-test1', 'db.t4g.medium', false],
    ['reader1-database-test1', 'db.t4g.medium', false],
  ]);
  for (const [, { Properties }] of instances) expect(referenceOf(Properties['DBClusterIdentifier'])).toBe(clusterId);
});

test('applies patches in the maintenance window, after the backup', () => {
  expect(cluster.Properties).toMatchObject({
    PreferredBackupWindow: '01:00-02:00',
    PreferredMaintenanceWindow: 'sun:03:00-sun:04:00',
  });
  for (const [, { Properties }] of instances) {
    expect(Properties).toMatchObject({ AutoMinorVersionUpgrade: false, CACertificateIdentifier: 'rds-ca-rsa2048-g1' });
  }
});

test('encrypts storage, backups and Performance Insights with the database key', () => {
  const { StorageEncrypted, KmsKeyId, PerformanceInsightsKmsKeyId } = cluster.Properties;
  expect([StorageEncrypted, KmsKeyId, PerformanceInsightsKmsKeyId].map((value) => referenceOf(value) ?? value)).toEqual(
    [true, keyIds['StorageKey'], keyIds['StorageKey']],
  );
  for (const [, { Properties }] of instances) {
    expect(referenceOf(Properties['PerformanceInsightsKMSKeyId'])).toBe(keyIds['StorageKey']);
  }
});

test('requires TLS, logs connections and logs no parameter values', () => {
  const [group, { Properties }] = resources.only('AWS::RDS::DBClusterParameterGroup');
  expect(referenceOf(cluster.Properties['DBClusterParameterGroupName'])).toBe(group);
  expect(Properties).toMatchObject({ Family: 'aurora-postgresql17' });
  expect(Properties['Parameters']).toEqual({
    'rds.force_ssl': '1',
    log_connections: '1',
    log_disconnections: '1',
    log_statement: 'ddl',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_min_duration_statement: '1000',
    idle_in_transaction_session_timeout: '60000',
  });
});

test('keeps backups for 35 days and can be deleted without a snapshot', () => {
  expect(cluster.Properties).toMatchObject({
    BackupRetentionPeriod: 35,
    CopyTagsToSnapshot: true,
    DeletionProtection: false,
  });
  const policies = [cluster, ...instances.map(([, instance]) => instance)].flatMap((resource) => [
    resource.DeletionPolicy,
    resource.UpdateReplacePolicy,
  ]);
  expect(new Set(policies)).toEqual(new Set(['Delete']));
  for (const [, { Properties }] of instances) expect(Properties['DeletionProtection']).not.toBe(true);
});

test('lets RDS manage the administrator password, under the secrets key', () => {
  expect(cluster.Properties).toMatchObject({ ManageMasterUserPassword: true, MasterUsername: 'payments_admin' });
  expect(cluster.Properties['MasterUserPassword']).toBeUndefined();
  const { KmsKeyId } = cluster.Properties['MasterUserSecret'] as { KmsKeyId: unknown };
  expect(referenceOf(KmsKeyId)).toBe(keyIds['SecretsKey']);
});

test('authenticates the API by IAM, and lets migrations read the administrator secret', () => {
  expect(cluster.Properties['EnableIAMDatabaseAuthentication']).toBe(true);
  const [connect, ...more] = resources.statementsOf('api-role-test1');
  expect(more).toEqual([]);
  expect(connect?.Action).toBe('rds-db:connect');
  expect(JSON.stringify(connect?.Resource)).toMatch(
    new RegExp(`:dbuser:",{"Fn::GetAtt":\\["${clusterId}","DBClusterResourceId"\\]},"/payments_api"`),
  );
  const secret = { 'Fn::GetAtt': [clusterId, 'MasterUserSecret.SecretArn'] };
  expect(resources.statementsOf('migration-role-test1')).toEqual([
    { Effect: 'Allow', Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'], Resource: secret },
  ]);
});

test('declares the log group before the cluster, encrypted, with 90 days of retention', () => {
  const [group, { Properties }] = resources.only('AWS::Logs::LogGroup');
  expect(Properties).toMatchObject({ LogGroupName: '/aws/rds/cluster/database-test1/postgresql', RetentionInDays: 90 });
  expect(resources.all[referenceOf(Properties['KmsKeyId']) ?? '']?.Type).toBe('AWS::KMS::Key');
  expect(cluster.DependsOn).toContain(group);
  expect(cluster.Properties['EnableCloudwatchLogsExports']).toEqual(['postgresql']);
});
