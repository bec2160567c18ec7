import { openRanges, routeTableCount, subnetTiers, zoneCount } from '../support/network-facts';
import { referenceOf, type TemplateResources } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';

const apiTask = (compute: TemplateResources) => {
  const task = compute.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === 'api-task-test1');
  const [container] = (task?.['ContainerDefinitions'] ?? []) as Readonly<Record<string, unknown>>[];
  return container ?? {};
};

/** LOC, NET and DB: regions and names, network, database. */
export const foundation: readonly RequirementRow[] = [
  {
    cell: 'LOC-1@storefront',
    demand: 'every stack is in us-east-1',
    proof: ({ all }) => {
      for (const { region } of all) expect(region).toBe('us-east-1');
    },
  },
  {
    cell: 'LOC-2@storefront',
    demand: 'names are type and suffix',
    proof: ({ all }) => {
      for (const { stackName, tier } of all) expect(stackName).toBe(`${tier}-stack-test1`);
    },
  },
  {
    cell: 'LOC-3@storefront',
    demand: 'what can be tagged says Environment=production and CostCenter=payments',
    proof: ({ all, templates: { compute } }) => {
      const [, { Properties: deployment }] = compute.only('Custom::EcsDeployment');
      expect(deployment['ProfileTags']).toMatchObject({ Environment: 'production', CostCenter: 'payments' });
      // The deployment step tags these two, which CloudFormation must not update.
      const taggedByStep = ['AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::ListenerRule'];
      const tagged = all
        .flatMap(({ resources }) => Object.values(resources.all))
        .filter(({ Type }) => !taggedByStep.includes(Type))
        .map(({ Properties }) => Properties['Tags'] as { Key: string; Value: string }[] | undefined)
        .filter(Array.isArray);
      expect(tagged.length).toBeGreaterThan(70);
      for (const tags of tagged) {
        expect(tags).toContainEqual({ Key: 'Environment', Value: 'production' });
        expect(tags).toContainEqual({ Key: 'CostCenter', Value: 'payments' });
      }
    },
  },
  {
    cell: 'NET-1@storefront',
    demand: 'three zones',
    proof: ({ templates: { network } }) => {
      expect(zoneCount(network)).toBe(3);
    },
  },
  {
    cell: 'NET-2@storefront',
    demand: 'a public and a private subnet in each zone',
    proof: ({ templates: { network } }) => {
      expect(subnetTiers(network)).toEqual(['App', 'App', 'App', 'Public', 'Public', 'Public']);
    },
  },
  {
    cell: 'NET-3@storefront',
    demand: 'a NAT gateway in each public subnet',
    proof: ({ templates: { network } }) => {
      const publicSubnets = network
        .entries('AWS::EC2::Subnet')
        .filter(([, { Properties }]) => JSON.stringify(Properties['Tags']).includes('"Public"'))
        .map(([id]) => id);
      const places = network.properties('AWS::EC2::NatGateway').map(({ SubnetId }) => referenceOf(SubnetId) ?? '');
      expect(places.sort()).toEqual(publicSubnets.sort());
    },
  },
  {
    cell: 'NET-5@storefront',
    demand: 'from the internet only HTTPS, and only to the load balancer',
    proof: ({ templates: { network } }) => {
      expect(openRanges(network)).toEqual([['alb-security-group-test1', '0.0.0.0/0', 443, 443]]);
      for (const { SourceSecurityGroupId } of network.properties('AWS::EC2::SecurityGroupIngress')) {
        expect(SourceSecurityGroupId).toBeDefined();
      }
    },
  },
  {
    cell: 'NET-6@storefront',
    demand: 'tasks and database are in private subnets',
    proof: ({ templates: { compute, data } }) => {
      const service = JSON.stringify(compute.only('AWS::ECS::Service')[1].Properties['NetworkConfiguration']);
      expect(service).toContain('"AssignPublicIp":"DISABLED"');
      expect(service.match(/VpcAppSubnet\dSubnet/g)).toHaveLength(3);
      const database = JSON.stringify(data.only('AWS::RDS::DBSubnetGroup')[1].Properties['SubnetIds']);
      expect(database.match(/VpcAppSubnet\dSubnet/g)).toHaveLength(3);
    },
  },
  {
    cell: 'NET-7@storefront',
    demand: 'each subnet has its own route table',
    proof: ({ templates: { network } }) => {
      expect(routeTableCount(network)).toBe(6);
    },
  },
  {
    cell: 'DB-1@storefront',
    demand: 'an Aurora PostgreSQL cluster',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBCluster')[1].Properties['Engine']).toBe('aurora-postgresql');
    },
  },
  {
    cell: 'DB-2@storefront',
    demand: 'a standby takes over',
    proof: ({ templates: { data } }) => {
      expect(data.entries('AWS::RDS::DBInstance').length).toBeGreaterThanOrEqual(2);
    },
  },
  {
    cell: 'DB-3@storefront',
    demand: 'the cluster is encrypted',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBCluster')[1].Properties['StorageEncrypted']).toBe(true);
    },
  },
  {
    cell: 'DB-4@storefront',
    demand: 'connections without TLS are refused',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBClusterParameterGroup')[1].Properties['Parameters']).toMatchObject({
        'rds.force_ssl': '1',
      });
    },
  },
  {
    cell: 'DB-5@storefront',
    demand: 'the connection string is a secret, kept in step with rotation and injected into the tasks',
    proof: ({ templates: { data, compute } }) => {
      const [secretId, secret] = data.only('AWS::SecretsManager::Secret');
      expect(secret.Properties['Name']).toBe('connection-string-secret-test1');
      const schedules = data.properties('AWS::SecretsManager::RotationSchedule');
      const rotation = schedules.find(({ SecretId }) => referenceOf(SecretId) === secretId);
      expect(rotation).toMatchObject({
        RotateImmediatelyOnUpdate: false,
        RotationRules: { ScheduleExpression: 'rate(30 days)' },
      });
      expect(data.all[referenceOf(rotation?.['RotationLambdaARN']) ?? '']?.Type).toBe('AWS::Lambda::Function');
      const container = apiTask(compute);
      const injected = container['Secrets'] as { Name: string; ValueFrom: unknown }[];
      expect(injected.map(({ Name }) => Name)).toEqual(['DATABASE_CONNECTION_STRING']);
      expect(JSON.stringify(injected[0]?.ValueFrom)).toMatch(/ConnectionString.*:connectionString::/);
      expect(container['Environment']).toContainEqual({ Name: 'DATABASE_AUTHENTICATION', Value: 'connection-string' });
    },
  },
  {
    cell: 'DB-7@storefront',
    demand: 'the database can be destroyed',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBCluster')[1]).toMatchObject({
        DeletionPolicy: 'Delete',
        Properties: { DeletionProtection: false },
      });
    },
  },
];
