import { computeTier, ownDomain } from '../../support/compute-tier';
import { TemplateResources } from '../../support/template-resources';

const resources = new TemplateResources(computeTier(ownDomain));
const [taskId, task] =
  resources
    .entries('AWS::ECS::TaskDefinition')
    .find(([, { Properties }]) => Properties['Family'] === 'migration-task-test1') ?? [];
const [cluster] = resources.only('AWS::ECS::Cluster');

test('passes the task, the app subnets and the security group of tasks', () => {
  const [, { Properties }] = resources.only('Custom::SchemaMigration');
  expect(Properties).toEqual({
    ServiceToken: resources.only('Custom::EcsDeployment')[1].Properties['ServiceToken'],
    ClusterArn: { 'Fn::GetAtt': [cluster, 'Arn'] },
    TaskDefinitionArn: { Ref: taskId },
    SubnetIds: ['subnet-b1000000000000000', 'subnet-b2000000000000000', 'subnet-b3000000000000000'],
    SecurityGroupIds: ['sg-0123456789abcdef2'],
  });
});

test('gives the migration task the size of the API tasks', () => {
  const [, api] = resources.entries('AWS::ECS::TaskDefinition').find(([id]) => id !== taskId) ?? [];
  expect([task?.Properties['Cpu'], task?.Properties['Memory']]).toEqual(['512', '1024']);
  expect([api?.Properties['Cpu'], api?.Properties['Memory']]).toEqual(['512', '1024']);
});

test.each(['deployment-start', 'deployment-wait'])(
  'allows the %s function only to run this task family, describe its tasks and pass its roles',
  (purpose) => {
    const inThisCluster = { ArnEquals: { 'ecs:cluster': { 'Fn::GetAtt': [cluster, 'Arn'] } } };
    const family = ['arn:aws:ecs:eu-south-2:', { Ref: 'AWS::AccountId' }, ':task-definition/migration-task-test1:*'];
    const roles = [task?.Properties['ExecutionRoleArn'], task?.Properties['TaskRoleArn']];
    const statements = resources
      .statementsOf(`${purpose}-role-test1`)
      .filter(({ Action }) => ['ecs:RunTask', 'ecs:DescribeTasks', 'iam:PassRole'].includes(String(Action)));
    expect(statements).toEqual([
      { Effect: 'Allow', Action: 'ecs:RunTask', Resource: { 'Fn::Join': ['', family] }, Condition: inThisCluster },
      { Effect: 'Allow', Action: 'ecs:DescribeTasks', Resource: '*', Condition: inThisCluster },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: roles,
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);
  },
);

test('generates origin secret, first API key, operator key and webhook key in Secrets Manager, under the key of secrets', () => {
  const secrets = resources.entries('AWS::SecretsManager::Secret');
  expect(secrets.map(([, { Properties }]) => Properties['Name'])).toEqual([
    'origin-secret-test1',
    'first-api-key-secret-test1',
    'operator-key-secret-test1',
    'webhook-key-secret-test1',
  ]);
  for (const [, secret] of secrets) {
    expect(secret).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: {
        GenerateSecretString: { PasswordLength: 48, ExcludePunctuation: true },
        KmsKeyId: 'arn:aws:kms:eu-south-2:111122223333:key/00000000-0000-4000-8000-000000000000',
      },
    });
    expect(secret.Properties['SecretString']).toBeUndefined();
  }
});
