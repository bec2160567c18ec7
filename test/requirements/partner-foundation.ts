import { referenceOf, type TemplateStatement } from '../support/template-resources';
import type { TestPlatform } from '../support/test-platform';
import type { RequirementRow } from './requirement-row';
import {
  allowedActions,
  encryptedConnections,
  encryptedUnderOwnKey,
  notProtected,
  readableSecrets,
  standsIn,
  tasksArePrivate,
  threeTiersInThreeZones,
} from './shared-rows';

/** Prefixes of actions without calls from the VPC: IAM tokens are signed locally, and Lambda itself creates network interfaces. */
const withoutCalls = ['rds-db', 'ec2'];

/** The AWS services that roles of tasks and of functions in the VPC may call, by the prefix of their actions. */
function servicesCalled({ all }: TestPlatform): Set<string> {
  const inVpc = all.flatMap(({ resources: template }) => {
    const roleIds = [
      ...template
        .properties('AWS::ECS::TaskDefinition')
        .flatMap(({ TaskRoleArn, ExecutionRoleArn }) => [TaskRoleArn, ExecutionRoleArn]),
      ...template
        .properties('AWS::Lambda::Function')
        .filter(({ VpcConfig }) => VpcConfig !== undefined)
        .map(({ Role }) => Role),
    ];
    return roleIds.flatMap((role): TemplateStatement[] => {
      const name = template.all[referenceOf(role) ?? '']?.Properties['RoleName'];
      return template.statementsOf(String(name));
    });
  });
  const actions = inVpc.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action ?? []);
  return new Set(actions.map((action) => action.split(':')[0] ?? ''));
}

/** LOC, NET and DB: regions and names, network, database. */
export const foundation: readonly RequirementRow[] = [
  standsIn('partner', 'us-east-1'),
  {
    cell: 'LOC-2@partner',
    demand: 'names are type, purpose and suffix',
    proof: ({ all, templates: { compute } }) => {
      for (const { tier, stackName } of all) expect(stackName).toBe(`stack-${tier}-test1`);
      expect(compute.only('AWS::ECS::Service')[1].Properties['ServiceName']).toBe('service-api-test1');
    },
  },
  ...threeTiersInThreeZones('partner'),
  {
    cell: 'NET-3@partner',
    demand: 'private subnets leave through the NAT instance of their zone, and no NAT gateway exists',
    proof: ({ templates: { network } }) => {
      expect(network.entries('AWS::EC2::NatGateway')).toEqual([]);
      const instances = network.entries('AWS::EC2::Instance').map(([id]) => id);
      expect(instances).toHaveLength(3);
      const targets = network.properties('AWS::EC2::Route').flatMap(({ InstanceId }) => referenceOf(InstanceId) ?? []);
      expect(targets.sort()).toEqual(instances.sort());
    },
  },
  {
    cell: 'NET-4@partner',
    demand: 'every AWS service that tasks and functions may call has an endpoint for this account’s resources only',
    proof: (platform) => {
      const { network } = platform.templates;
      const endpoints = network.properties('AWS::EC2::VPCEndpoint');
      const names = endpoints.map(({ ServiceName }) => JSON.stringify(ServiceName));
      const has = (service: string) => names.some((name) => new RegExp(`[.]${service}\\b`).test(name));
      const asked = ['s3', 'dynamodb', 'ecr.api', 'ecr.dkr', 'secretsmanager'];
      const called = [...servicesCalled(platform)].filter((service) => !withoutCalls.includes(service));
      expect(called).toEqual(expect.arrayContaining(['ecr', 'logs', 'secretsmanager', 'sqs', 's3', 'kms']));
      expect([...asked, ...called, 'sts', 'monitoring'].filter((service) => !has(service))).toEqual([]);
      for (const { PolicyDocument } of endpoints) {
        expect(JSON.stringify(PolicyDocument)).toContain('"aws:PrincipalAccount":{"Ref":"AWS::AccountId"}');
      }
    },
  },
  tasksArePrivate('partner'),
  {
    cell: 'NET-7@partner',
    demand: 'a route table of its own in each zone',
    proof: ({ templates: { network } }) => {
      const tables = network.entries('AWS::EC2::RouteTable').map(([id]) => id);
      for (const tier of ['Public', 'App', 'Data']) {
        expect(tables.filter((id) => id.includes(`Vpc${tier}Subnet`))).toHaveLength(3);
      }
    },
  },
  {
    cell: 'DB-1@partner',
    demand: 'Aurora PostgreSQL with one writer and two readers',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBCluster')[1].Properties['Engine']).toBe('aurora-postgresql');
      const names = data.properties('AWS::RDS::DBInstance').map(({ DBInstanceIdentifier }) => DBInstanceIdentifier);
      expect(names).toEqual(['database-writer-test1', 'database-reader1-test1', 'database-reader2-test1']);
    },
  },
  {
    cell: 'DB-2@partner',
    demand: 'an instance in each of three zones, a reader that takes over first, and reads that go to the readers',
    proof: ({ templates: { data, compute } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBSubnetGroup');
      expect(JSON.stringify(Properties['SubnetIds']).match(/VpcDataSubnet\dSubnet/g)).toHaveLength(3);
      const tiersOfPromotion = data.properties('AWS::RDS::DBInstance').map(({ PromotionTier }) => PromotionTier);
      expect(tiersOfPromotion).toEqual([0, 2, 2]);
      const api = compute.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === 'task-api-test1');
      expect(JSON.stringify(api)).toMatch(/"Name":"DATABASE_READER_HOST","Value":\{[^}]*ReadEndpointAddress/);
    },
  },
  encryptedUnderOwnKey('partner'),
  encryptedConnections('partner'),
  {
    cell: 'DB-5@partner',
    demand:
      'logins prove themselves by IAM; the one password and the first API key are in Secrets Manager, rotated every 30 days by functions',
    proof: ({ templates: { data, compute } }) => {
      expect(data.only('AWS::RDS::DBCluster')[1].Properties['EnableIAMDatabaseAuthentication']).toBe(true);
      for (const role of ['role-api-task-test1', 'role-payment-consumer-test1']) {
        expect(allowedActions(compute, role)).toContain('rds-db:connect');
      }
      expect(readableSecrets(compute, 'role-api-task-test1')).toEqual(['secret-webhook-key-test1']);
      expect(readableSecrets(compute, 'role-payment-consumer-test1')).toEqual([]);
      const [, { Properties }] = data.only('AWS::SecretsManager::RotationSchedule');
      expect(Properties).toMatchObject({
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
        HostedRotationLambda: {
          RotationType: 'PostgreSQLSingleUser',
          RotationLambdaName: 'function-credential-rotation-test1',
        },
      });
      const idOf = (type: string, name: string) =>
        compute.entries(type).find(([, resource]) => Object.values(resource.Properties).includes(name))?.[0];
      const [, ofKey] = compute.only('AWS::SecretsManager::RotationSchedule');
      expect(ofKey.Properties).toMatchObject({
        SecretId: { Ref: idOf('AWS::SecretsManager::Secret', 'secret-first-api-key-test1') },
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
        RotationLambdaARN: {
          'Fn::GetAtt': [idOf('AWS::Lambda::Function', 'function-api-key-rotation-test1'), 'Arn'],
        },
      });
    },
  },
  notProtected('partner'),
];
