import { ExistingSecretCredentials } from '../../../lib/data/database/credentials/existing-secret-credentials';
import { dataTier } from '../../support/data-tier';
import { fakeNetwork } from '../../support/fake-tiers';
import { overrides } from '../../support/profile-overrides';
import { referenceOf, TemplateResources } from '../../support/template-resources';
import { TestStack } from '../../support/test-app';

const resources = new TemplateResources(dataTier());

test('lets RDS rotate the administrator password every 30 days, but not at deployment', () => {
  const [cluster] = resources.only('AWS::RDS::DBCluster');
  const [, { Properties }] = resources.only('AWS::SecretsManager::RotationSchedule');
  expect(Properties).toEqual({
    SecretId: { 'Fn::GetAtt': [cluster, 'MasterUserSecret.SecretArn'] },
    RotationRules: { AutomaticallyAfterDays: 30 },
    RotateImmediatelyOnUpdate: false,
  });
});

test('needs no function and no other secret', () => {
  expect(resources.entries('AWS::Lambda::Function')).toEqual([]);
  expect(resources.entries('AWS::SecretsManager::Secret')).toEqual([]);
});

test('does not rotate an existing secret', () => {
  const stack = new TestStack();
  const credentials = new ExistingSecretCredentials({ names: stack.names, existingSecretName: 'administrator' });
  const { alarms } = credentials.bind(stack).attach({});
  expect(stack.node.tryFindChild('Rotation')).toBeUndefined();
  expect(alarms).toEqual([]);
});

describe('with a rotation function', () => {
  const tier = dataTier(overrides({ database: { credentials: { kind: 'rotation-function', rotationDays: 30 } } }));
  const own = new TemplateResources(tier);
  const [secret, { Properties: credential }] = own.only('AWS::SecretsManager::Secret');
  const [scheduleId, { Properties: schedule, DependsOn }] = own.only('AWS::SecretsManager::RotationSchedule');
  const hosted = schedule['HostedRotationLambda'] as Record<string, unknown>;

  test('encrypts the secret with the secrets key and uses it for the cluster', () => {
    expect(credential['Name']).toBe('administrator-secret-test1');
    expect(own.all[referenceOf(credential['KmsKeyId']) ?? '']?.Type).toBe('AWS::KMS::Key');
    const [, { Properties }] = own.only('AWS::RDS::DBCluster');
    expect(Properties['ManageMasterUserPassword']).toBeUndefined();
    expect(JSON.stringify(Properties['MasterUserPassword'])).toContain(`{"Ref":"${secret}"}`);
    expect(JSON.stringify(Properties['MasterUserPassword'])).toContain('{{resolve:secretsmanager:');
  });

  test('rotates every 30 days, not at deployment, after the secret is attached to the database', () => {
    expect(schedule).toMatchObject({
      RotationRules: { ScheduleExpression: 'rate(30 days)' },
      RotateImmediatelyOnUpdate: false,
    });
    const [attachment] = own.only('AWS::SecretsManager::SecretTargetAttachment');
    expect(referenceOf(schedule['SecretId'])).toBe(attachment);
  });

  test('uses the function of AWS for PostgreSQL in the VPC, with the key of the secret', () => {
    expect(own.template.toJSON()['Transform']).toBe('AWS::SecretsManager-2024-09-16');
    expect(hosted).toMatchObject({
      RotationType: 'PostgreSQLSingleUser',
      RotationLambdaName: 'credential-rotation-function-test1',
      VpcSubnetIds: 'subnet-b1000000000000000,subnet-b2000000000000000,subnet-b3000000000000000',
      KmsKeyArn: { 'Fn::GetAtt': [referenceOf(credential['KmsKeyId']), 'Arn'] },
    });
    const group = fakeNetwork(new TestStack()).securityGroups.functions.get('rotation')?.securityGroupId;
    expect(hosted['VpcSecurityGroupIds']).toBe(group);
  });

  test('declares its log group before the function', () => {
    const [group] =
      own
        .entries('AWS::Logs::LogGroup')
        .find(
          ([, { Properties }]) => Properties['LogGroupName'] === '/aws/lambda/credential-rotation-function-test1',
        ) ?? [];
    expect(group).toBeDefined();
    expect([scheduleId, DependsOn]).toEqual([scheduleId, expect.arrayContaining([group])]);
  });

  test('has an alarm on failures', () => {
    const alarm = tier.alarms.find(({ id }) => id === 'credential-rotation');
    expect(tier.resolve(alarm?.metric.toMetricConfig().metricStat?.dimensions)).toEqual([
      { name: 'FunctionName', value: 'credential-rotation-function-test1' },
    ]);
  });
});
