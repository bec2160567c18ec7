import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { CredentialsConfig } from '../../lib/config/deployment-profile';
import { createCredentialRotation } from '../../lib/data/database/create-credential-rotation';
import { dataTier } from '../support/data-tier';
import { TemplateResources } from '../support/template-resources';
import { TestStack } from '../support/test-app';

const resources = new TemplateResources(dataTier());

test('RDS itself rotates the administrator’s password every 30 days, but not during the deployment', () => {
  const [cluster] = resources.only('AWS::RDS::DBCluster');
  const [, { Properties }] = resources.only('AWS::SecretsManager::RotationSchedule');
  expect(Properties).toEqual({
    SecretId: { 'Fn::GetAtt': [cluster, 'MasterUserSecret.SecretArn'] },
    RotationRules: { AutomaticallyAfterDays: 30 },
    RotateImmediatelyOnUpdate: false,
  });
});

test('no function takes part, and no other secret holds the password', () => {
  expect(resources.entries('AWS::Lambda::Function')).toEqual([]);
  expect(resources.entries('AWS::SecretsManager::Secret')).toEqual([]);
});

test('whoever made a secret that exists already rotates it', () => {
  const stack = new TestStack();
  createCredentialRotation(
    stack,
    'Rotation',
    { kind: 'existing-secret' },
    Secret.fromSecretNameV2(stack, 'Secret', 'administrator'),
  );
  expect(stack.node.tryFindChild('Rotation')).toBeUndefined();
});

test.each<CredentialsConfig>([{ kind: 'rotation-function', rotationDays: 30 }])(
  '$kind, which is not built, is refused by name',
  (config) => {
    const stack = new TestStack();
    const secret = Secret.fromSecretNameV2(stack, 'Secret', 'administrator');
    expect(() => {
      createCredentialRotation(stack, 'Rotation', config, secret);
    }).toThrow(new RegExp(`database.credentials.kind.*${config.kind}`));
  },
);
