import { computeTier, ownDomain } from '../support/compute-tier';
import { referenceOf, TemplateResources } from '../support/template-resources';

const resources = new TemplateResources(computeTier(ownDomain));
const account = 'arn:aws:ecr:eu-south-2:';

interface Container {
  readonly Name: string;
  readonly User: string;
  readonly ReadonlyRootFilesystem: boolean;
  readonly Command?: string[];
  readonly Environment: { readonly Name: string; readonly Value: unknown }[];
  readonly Secrets?: unknown;
  readonly PortMappings: unknown;
  readonly Privileged?: boolean;
}

/** The task definition of one purpose, and its only container. */
function task(purpose: 'api' | 'migration') {
  const family = `${purpose}-task-test1`;
  const properties = resources.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === family) ?? {};
  const [container, ...others] = properties['ContainerDefinitions'] as Container[];
  if (!container || others.length > 0) throw new Error(`Expected one container in ${family}.`);
  return { properties, container };
}

const variables = (purpose: 'api' | 'migration') =>
  Object.fromEntries(task(purpose).container.Environment.map(({ Name, Value }) => [Name, Value]));

describe.each(['api', 'migration'] as const)('the task of the %s', (purpose) => {
  const { properties, container } = task(purpose);
  const roleId = (name: string) =>
    resources.entries('AWS::IAM::Role').find(([, role]) => role.Properties['RoleName'] === name)?.[0];

  test('runs on Fargate as a non-root user with a read-only file system', () => {
    expect(properties).toMatchObject({ RequiresCompatibilities: ['FARGATE'], NetworkMode: 'awsvpc' });
    expect(container).toMatchObject({ Name: 'api', User: '65532:65532', ReadonlyRootFilesystem: true });
    expect(container.Privileged).toBeUndefined();
  });

  test('allows a connection for each of ten thousand users', () => {
    expect(properties['ContainerDefinitions']).toMatchObject([
      { Ulimits: [{ Name: 'nofile', SoftLimit: 65_535, HardLimit: 65_535 }] },
    ]);
  });

  test('has a task role and an execution role, which only ECS tasks may assume', () => {
    const roles = [`${purpose}-task-role-test1`, `${purpose}-execution-role-test1`].map(roleId);
    expect([properties['TaskRoleArn'], properties['ExecutionRoleArn']].map(referenceOf)).toEqual(roles);
    expect(new Set(roles).size).toBe(2);
    for (const id of roles) {
      const document = resources.all[id ?? '']?.Properties['AssumeRolePolicyDocument'] as { Statement: unknown };
      expect(document.Statement).toEqual([
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } },
      ]);
    }
  });

  test('is explicitly denied actions that no task needs', () => {
    const denials = resources.statementsOf(`${purpose}-task-role-test1`).filter(({ Effect }) => Effect === 'Deny');
    expect(denials).toEqual([
      {
        Sid: 'NeverNeeded',
        Effect: 'Deny',
        Resource: '*',
        Action: [
          'ec2:*',
          'ecs:*',
          'iam:*',
          'kms:DisableKey',
          'kms:PutKeyPolicy',
          'kms:ScheduleKeyDeletion',
          'logs:DeleteLogGroup',
          'rds:*',
          's3:DeleteBucket',
          'secretsmanager:DeleteSecret',
          'secretsmanager:PutSecretValue',
          'sts:AssumeRole',
        ],
      },
    ]);
  });

  test('has an execution role that may only pull one image and write one log group', () => {
    const logGroup = resources
      .entries('AWS::Logs::LogGroup')
      .find(([, group]) => group.Properties['LogGroupName'] === `${purpose}-log-group-test1`)?.[0];
    expect(resources.statementsOf(`${purpose}-execution-role-test1`)).toEqual([
      {
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: { 'Fn::Join': ['', [account, { Ref: 'AWS::AccountId' }, ':repository/payments-api']] },
      },
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [logGroup, 'Arn'] },
      },
    ]);
  });

  test('has no secret in its environment variables', () => {
    expect(container.Secrets).toBeUndefined();
    expect(JSON.stringify(container.Environment)).not.toContain('{{resolve:');
  });
});

const where = {
  ENVIRONMENT_NAME: 'test1',
  DATABASE_HOST: 'database.cluster-abc.eu-south-2.rds.amazonaws.com',
  DATABASE_PORT: '5432',
  DATABASE_NAME: 'payments',
};
const administratorSecret = 'arn:aws:secretsmanager:eu-south-2:111122223333:secret:admin-AbCdEf';
const allowed = (purpose: string) =>
  resources.statementsOf(`${purpose}-task-role-test1`).filter(({ Effect }) => Effect === 'Allow');

test('lets the API connect as its own login with IAM tokens, read the webhook key, and nothing else', () => {
  const [webhookKey] =
    resources
      .entries('AWS::SecretsManager::Secret')
      .find(([, { Properties }]) => Properties['Name'] === 'webhook-key-secret-test1') ?? [];
  expect(variables('api')).toEqual({
    ...where,
    AUTHORIZATION_DAYS: '7',
    WEBHOOK_KEY_SECRET_ARN: { Ref: webhookKey },
    REFUSED_WEBHOOK_RANGES: '10.0.0.0/16',
    DATABASE_READER_HOST: 'database.cluster-ro-abc.eu-south-2.rds.amazonaws.com',
    PORT: '3000',
    SHUTDOWN_GRACE_SECONDS: '25',
    DATABASE_USER: 'payments_api',
    DATABASE_AUTHENTICATION: 'iam',
    DATABASE_POOL_SIZE: '10',
  });
  expect(allowed('api')).toEqual([
    {
      Effect: 'Allow',
      Action: 'rds-db:connect',
      Resource: 'arn:aws:rds-db:eu-south-2:111122223333:dbuser:cluster-FAKE/payments_api',
    },
    {
      Effect: 'Allow',
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      Resource: { Ref: webhookKey },
    },
  ]);
});

test('lets only migrations read the administrator secret, by its ARN', () => {
  const secret = (purpose: string) => {
    const secrets = resources.entries('AWS::SecretsManager::Secret');
    const [id] = secrets.find(([, { Properties }]) => Properties['Name'] === `${purpose}-secret-test1`) ?? [];
    return { Ref: id };
  };
  expect(variables('migration')).toEqual({
    ...where,
    DATABASE_USER: 'payments_admin',
    DATABASE_AUTHENTICATION: 'secret',
    DATABASE_SECRET_ARN: administratorSecret,
    API_KEY_SECRET_ARN: secret('first-api-key'),
    OPERATOR_KEY_SECRET_ARN: secret('operator-key'),
  });
  expect(task('migration').container.Command).toEqual(['migrate.js']);
  expect(allowed('migration')).toEqual([
    {
      Effect: 'Allow',
      Action: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      Resource: [administratorSecret, secret('first-api-key'), secret('operator-key')],
    },
  ]);
});
