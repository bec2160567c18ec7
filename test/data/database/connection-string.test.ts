import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { handlerBundle } from '../../../lib/constructs/handler-bundles';
import { profileContexts } from '../../support/profile-contexts';
import { referenceOf } from '../../support/template-resources';
import { testPlatform } from '../../support/test-platform';

const { data, network } = testPlatform(profileContexts['storefront']).templates;
const name = 'connection-string-rotation';
const [functionId, rotation] =
  data
    .entries('AWS::Lambda::Function')
    .find(([, { Properties }]) => Properties['FunctionName'] === `${name}-function-test1`) ?? [];

test('runs in private subnets and reaches only the database and the endpoints', () => {
  const place = rotation?.Properties['VpcConfig'] as { SubnetIds: unknown[]; SecurityGroupIds: unknown[] };
  expect(JSON.stringify(place.SubnetIds).match(/VpcAppSubnet\dSubnet/g)).toHaveLength(3);
  expect(JSON.stringify(place.SecurityGroupIds)).toContain('FirewallRotation');
  const [groupId] =
    network
      .entries('AWS::EC2::SecurityGroup')
      .find(([, { Properties }]) => Properties['GroupName'] === 'rotation-security-group-test1') ?? [];
  const reached = network
    .properties('AWS::EC2::SecurityGroupEgress')
    .filter(({ GroupId }) => referenceOf(GroupId) === groupId)
    .map(({ DestinationSecurityGroupId, FromPort }) => [
      network.all[referenceOf(DestinationSecurityGroupId) ?? '']?.Properties['GroupName'],
      FromPort,
    ]);
  expect(reached).toEqual([
    ['database-security-group-test1', 5432],
    ['endpoint-security-group-test1', 443],
  ]);
  const admitted = network
    .properties('AWS::EC2::SecurityGroupIngress')
    .filter(({ GroupId }) => referenceOf(GroupId) === groupId);
  expect(admitted).toEqual([]);
});

test('receives the database host and the administrator secret', () => {
  const { Variables } = rotation?.Properties['Environment'] as { Variables: Record<string, unknown> };
  const [clusterId] = data.only('AWS::RDS::DBCluster');
  expect(Variables).toEqual({
    ENVIRONMENT_NAME: 'test1',
    ADMINISTRATOR_SECRET_ARN: { 'Fn::GetAtt': [clusterId, 'MasterUserSecret.SecretArn'] },
    DATABASE_HOST: { 'Fn::GetAtt': [clusterId, 'Endpoint.Address'] },
    DATABASE_PORT: '5432',
    DATABASE_NAME: 'payments',
  });
});

test('may be invoked only by Secrets Manager, and may write only this secret', () => {
  const callers = data
    .properties('AWS::Lambda::Permission')
    .filter(({ FunctionName }) => referenceOf(FunctionName) === functionId);
  expect(callers.map(({ Principal }) => Principal)).toEqual(['secretsmanager.amazonaws.com']);
  const [secretId] = data.only('AWS::SecretsManager::Secret');
  const writing = data
    .statementsOf(`${name}-role-test1`)
    .filter(({ Action }) => JSON.stringify(Action).includes('PutSecretValue'));
  expect(writing.length).toBeGreaterThan(0);
  for (const { Resource } of writing) expect(Resource).toEqual({ Ref: secretId });
});

test('creates the secret without a connection string, because logins do not exist yet', () => {
  const [, { Properties }] = data.only('AWS::SecretsManager::Secret');
  expect(Properties['GenerateSecretString']).toMatchObject({ SecretStringTemplate: '{}', GenerateStringKey: 'unused' });
});

test('bundles everything but the SDK clients', () => {
  const bundle = readFileSync(join(handlerBundle('app/rotation'), 'handler.js'), 'utf8');
  const required = [...bundle.matchAll(/require\("([^"]+)"\)/g)].map(([, module = '']) => module);
  const outside = required.filter((module) => !module.startsWith('node:') && !builtinModules.includes(module));
  expect(new Set(outside.filter((module) => !module.startsWith('@aws-sdk/client-')))).toEqual(new Set(['pg-native']));
  expect(bundle).toContain('-----BEGIN CERTIFICATE-----');
});
