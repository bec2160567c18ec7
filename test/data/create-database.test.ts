import { Key } from 'aws-cdk-lib/aws-kms';
import type { DatabaseConfig } from '../../lib/config/deployment-profile';
import { createDatabase } from '../../lib/data/database/create-database';
import { fakeNetwork } from '../support/fake-tiers';
import { testSettings, TestStack } from '../support/test-app';

const { engineVersion, clientAuthentication, credentials, backupRetentionDays, deletionProtection } =
  testSettings().profile.database;
const common = { engineVersion, clientAuthentication, credentials, backupRetentionDays, deletionProtection };

test.each<DatabaseConfig>([
  { kind: 'aurora-serverless', ...common, minCapacityAcu: 1, maxCapacityAcu: 4, readerCount: 1 },
])('$kind, which is not built, is refused by name', (config) => {
  const stack = new TestStack();
  const key = new Key(stack, 'Key');
  const props = {
    names: stack.names,
    network: fakeNetwork(stack),
    key,
    secretsKey: key,
    existingSecretName: undefined,
    expectedConnections: 200,
    mayBeDestroyed: false,
  };
  expect(() => createDatabase(stack, 'Database', config, props)).toThrow(new RegExp(`database.kind.*${config.kind}`));
});
