import { Key } from 'aws-cdk-lib/aws-kms';
import { createDatabase } from '../../../lib/data/database/create-database';
import { RdsManagedCredentials } from '../../../lib/data/database/credentials/rds-managed-credentials';
import { fakeNetwork } from '../../support/fake-tiers';
import { referenceOf, TemplateResources } from '../../support/template-resources';
import { testSettings, TestStack } from '../../support/test-app';

const stack = new TestStack();
const { engineVersion, clientAuthentication, credentials, backupRetentionDays, deletionProtection } =
  testSettings().profile.database;
const key = new Key(stack, 'Key');
createDatabase(
  stack,
  'Database',
  {
    kind: 'aurora-serverless',
    ...{ engineVersion, clientAuthentication, credentials, backupRetentionDays, deletionProtection },
    minCapacityAcu: 0.5,
    maxCapacityAcu: 2,
    readerCount: 2,
  },
  {
    names: stack.names,
    network: fakeNetwork(stack),
    key,
    credentials: new RdsManagedCredentials({ secretsKey: key, rotationDays: 30 }),
    expectedConnections: 200,
    mayBeDestroyed: false,
    namesSessionsInLog: false,
  },
);
const resources = new TemplateResources(stack);
const [clusterId, cluster] = resources.only('AWS::RDS::DBCluster');

test('scales between its limits and never pauses', () => {
  expect(cluster.Properties['ServerlessV2ScalingConfiguration']).toEqual({ MinCapacity: 0.5, MaxCapacity: 2 });
});

test('has a writer and two readers that scale with the writer', () => {
  const instances = resources.properties('AWS::RDS::DBInstance');
  expect(
    instances.map(({ DBInstanceIdentifier, DBInstanceClass, PromotionTier, DBClusterIdentifier }) => [
      DBInstanceIdentifier,
      DBInstanceClass,
      PromotionTier,
      referenceOf(DBClusterIdentifier),
    ]),
  ).toEqual([
    ['writer-database-test1', 'db.serverless', 0, clusterId],
    ['reader1-database-test1', 'db.serverless', 1, clusterId],
    ['reader2-database-test1', 'db.serverless', 1, clusterId],
  ]);
});

test('has encryption, TLS, IAM authentication and logs like a provisioned cluster', () => {
  expect(cluster.Properties).toMatchObject({
    StorageEncrypted: true,
    EnableIAMDatabaseAuthentication: true,
    EnableCloudwatchLogsExports: ['postgresql'],
    ManageMasterUserPassword: true,
  });
  const [, { Properties }] = resources.only('AWS::RDS::DBClusterParameterGroup');
  expect(Properties['Parameters']).toMatchObject({ 'rds.force_ssl': '1' });
});
