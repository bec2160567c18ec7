import { referenceOf } from '../support/template-resources';
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

/** LOC, NET and DB: regions and names, network, database. */
export const foundation: readonly RequirementRow[] = [
  standsIn('metered', 'ap-southeast-1'),
  {
    cell: 'LOC-2@metered',
    demand: 'names are type and suffix',
    proof: ({ all, templates: { compute } }) => {
      for (const { tier, stackName } of all) expect(stackName).toBe(`${tier}-stack-test1`);
      expect(compute.only('AWS::ECS::Service')[1].Properties['ServiceName']).toBe('api-service-test1');
    },
  },
  {
    cell: 'LOC-4@metered',
    demand: 'outputs name the load balancer, the address of the API and the dashboard',
    proof: ({ templates: { compute, edge, observability } }) => {
      const output = ({ template }: typeof compute, name: string) =>
        JSON.stringify((template.toJSON()['Outputs'] as Record<string, { Value: unknown }>)[name]?.Value);
      expect(output(compute, 'LoadBalancerDnsName')).toContain('DNSName');
      const [restApi] = edge.only('AWS::ApiGateway::RestApi');
      expect(output(edge, 'ApiUrl')).toContain(restApi);
      expect(output(observability, 'DashboardUrl')).toContain('cloudwatch/home');
    },
  },
  ...threeTiersInThreeZones('metered'),
  {
    cell: 'NET-3@metered',
    demand: 'private subnets leave through NAT gateways, each through the one of its zone',
    proof: ({ templates: { network } }) => {
      expect(network.entries('AWS::EC2::NatGateway')).toHaveLength(3);
      const targets = network
        .properties('AWS::EC2::Route')
        .flatMap(({ NatGatewayId }) => referenceOf(NatGatewayId) ?? []);
      expect(new Set(targets).size).toBe(3);
    },
  },
  {
    cell: 'NET-5@metered',
    demand: 'web, app and database have groups of their own, and nobody is admitted from the internet',
    proof: ({ templates: { network } }) => {
      const groups = network.properties('AWS::EC2::SecurityGroup');
      const names = groups.map(({ GroupName }) => GroupName);
      for (const tier of ['alb', 'api', 'database']) expect(names).toContain(`${tier}-security-group-test1`);
      expect(JSON.stringify(groups.map(({ SecurityGroupIngress }) => SecurityGroupIngress ?? []))).not.toContain(
        '0.0.0.0/0',
      );
    },
  },
  tasksArePrivate('metered'),
  {
    cell: 'DB-1@metered',
    demand: 'Aurora PostgreSQL Serverless v2, from 0.5 to 2 ACU',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBCluster')[1].Properties).toMatchObject({
        Engine: 'aurora-postgresql',
        ServerlessV2ScalingConfiguration: { MinCapacity: 0.5, MaxCapacity: 2 },
      });
      const classes = data.properties('AWS::RDS::DBInstance').map(({ DBInstanceClass }) => DBInstanceClass);
      expect(new Set(classes)).toEqual(new Set(['db.serverless']));
    },
  },
  {
    cell: 'DB-2@metered',
    demand: 'an instance in each of three zones',
    proof: ({ templates: { data } }) => {
      expect(data.entries('AWS::RDS::DBInstance')).toHaveLength(3);
      const [, { Properties }] = data.only('AWS::RDS::DBSubnetGroup');
      expect(JSON.stringify(Properties['SubnetIds']).match(/VpcDataSubnet\dSubnet/g)).toHaveLength(3);
    },
  },
  encryptedUnderOwnKey('metered'),
  encryptedConnections('metered'),
  {
    cell: 'DB-5@metered',
    demand: 'the credential lives in Secrets Manager, and the API cannot read it',
    proof: ({ templates: { data, compute } }) => {
      expect(data.only('AWS::RDS::DBCluster')[1].Properties['ManageMasterUserPassword']).toBe(true);
      expect(allowedActions(compute, 'api-task-role-test1')).toContain('rds-db:connect');
      expect(readableSecrets(compute, 'api-task-role-test1')).toEqual(['webhook-key-secret-test1']);
    },
  },
  {
    cell: 'DB-6@metered',
    demand: 'backups are taken daily, under the key of the cluster',
    proof: ({ templates: { data } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBCluster');
      expect(Properties).toMatchObject({ BackupRetentionPeriod: 35, CopyTagsToSnapshot: true, StorageEncrypted: true });
      expect(data.all[referenceOf(Properties['KmsKeyId']) ?? '']?.Type).toBe('AWS::KMS::Key');
    },
  },
  notProtected('metered'),
];
