import { openRanges, routeTableCount, subnetTiers, zoneCount } from '../support/network-facts';
import { referenceOf } from '../support/template-resources';
import { testPlatform } from '../support/test-platform';
import { profileContexts } from '../support/profile-contexts';
import type { RequirementRow } from './requirement-row';
import { readableSecrets } from './shared-rows';

const existingSecret = 'payments/database';

/** LOC, NET and DB: regions and names, network, database. */
export const foundation: readonly RequirementRow[] = [
  {
    cell: 'LOC-1@compact',
    demand: 'every stack is in ap-northeast-2',
    proof: ({ all }) => {
      for (const { region } of all) expect(region).toBe('ap-northeast-2');
    },
  },
  {
    cell: 'LOC-2@compact',
    demand: 'names are type, purpose and suffix',
    proof: ({ all, templates: { compute, network } }) => {
      for (const { stackName, tier } of all) expect(stackName).toBe(`stack-${tier}-test1`);
      const groups = network.properties('AWS::EC2::SecurityGroup').map(({ GroupName }) => GroupName);
      expect(groups).toContain('security-group-api-test1');
      expect(compute.only('AWS::ECS::Service')[1].Properties['ServiceName']).toBe('service-api-test1');
    },
  },
  {
    cell: 'LOC-3@compact',
    demand: 'what can be tagged says Environment=production and ManagedBy=cdk',
    proof: ({ all, templates: { compute } }) => {
      const [, { Properties: deployment }] = compute.only('Custom::EcsDeployment');
      expect(deployment['ProfileTags']).toMatchObject({ Environment: 'production', ManagedBy: 'cdk' });
      // The deployment step tags these two, which CloudFormation must not update.
      const taggedByStep = ['AWS::ECS::Service', 'AWS::ElasticLoadBalancingV2::ListenerRule'];
      const tagged = all
        .flatMap(({ resources }) => Object.values(resources.all))
        .filter(({ Type }) => !taggedByStep.includes(Type))
        .map(
          ({ Properties }) =>
            (Properties['Tags'] ?? Properties['HostedZoneTags']) as { Key: string; Value: string }[] | undefined,
        )
        .filter(Array.isArray);
      expect(tagged.length).toBeGreaterThan(60);
      for (const tags of tagged) {
        expect(tags).toContainEqual({ Key: 'Environment', Value: 'production' });
        expect(tags).toContainEqual({ Key: 'ManagedBy', Value: 'cdk' });
      }
    },
  },
  {
    cell: 'LOC-4@compact',
    demand: 'outputs name the load balancer and the database endpoint',
    proof: ({ templates: { compute, data } }) => {
      const outputs = (template: typeof compute) =>
        template.template.toJSON()['Outputs'] as Record<string, { Value: unknown }>;
      expect(JSON.stringify(outputs(compute)['LoadBalancerDnsName']?.Value)).toContain('DNSName');
      expect(JSON.stringify(outputs(data)['DatabaseEndpoint']?.Value)).toContain('Endpoint.Address');
    },
  },
  {
    cell: 'NET-1@compact',
    demand: 'two zones',
    proof: ({ templates: { network } }) => {
      expect(zoneCount(network)).toBe(2);
    },
  },
  {
    cell: 'NET-2@compact',
    demand: 'a public and a private subnet in each zone',
    proof: ({ templates: { network } }) => {
      expect(subnetTiers(network)).toEqual(['App', 'App', 'Public', 'Public']);
    },
  },
  {
    cell: 'NET-3@compact',
    demand: 'private subnets leave through one NAT gateway',
    proof: ({ templates: { network } }) => {
      const [gatewayId] = network.only('AWS::EC2::NatGateway');
      const targets = network
        .properties('AWS::EC2::Route')
        .flatMap(({ NatGatewayId }) => referenceOf(NatGatewayId) ?? []);
      expect(targets).toEqual([gatewayId, gatewayId]);
    },
  },
  {
    cell: 'NET-5@compact',
    demand: '443 from the internet to the load balancer, 3000 from there to the tasks, 5432 from them to the database',
    proof: ({ templates: { network } }) => {
      const nameOf = (id: unknown) => network.all[referenceOf(id) ?? '']?.Properties['GroupName'];
      const rules = network
        .properties('AWS::EC2::SecurityGroupIngress')
        .map((rule) => [
          nameOf(rule['SourceSecurityGroupId']),
          nameOf(rule['GroupId']),
          rule['FromPort'],
          rule['ToPort'],
        ]);
      expect(rules).toEqual(
        expect.arrayContaining([
          ['security-group-alb-test1', 'security-group-api-test1', 3000, 3000],
          ['security-group-api-test1', 'security-group-database-test1', 5432, 5432],
          ['security-group-api-test1', 'security-group-endpoint-test1', 443, 443],
        ]),
      );
      expect(rules).toHaveLength(3);
      expect(openRanges(network)).toEqual([['security-group-alb-test1', '0.0.0.0/0', 443, 443]]);
    },
  },
  {
    cell: 'NET-6@compact',
    demand: 'tasks run in private subnets',
    proof: ({ templates: { compute } }) => {
      const network = JSON.stringify(compute.only('AWS::ECS::Service')[1].Properties['NetworkConfiguration']);
      expect(network).toContain('"AssignPublicIp":"DISABLED"');
      expect(network.match(/VpcAppSubnet\dSubnet/g)).toHaveLength(2);
    },
  },
  {
    cell: 'NET-7@compact',
    demand: 'each subnet has its own route table',
    proof: ({ templates: { network } }) => {
      expect(routeTableCount(network)).toBe(4);
    },
  },
  {
    cell: 'DB-1@compact',
    demand: 'one PostgreSQL instance of class db.t3.micro in private subnets',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBInstance')[1].Properties).toMatchObject({
        Engine: 'postgres',
        DBInstanceClass: 'db.t3.micro',
        StorageType: 'gp3',
        PubliclyAccessible: false,
      });
      const [, { Properties }] = data.only('AWS::RDS::DBSubnetGroup');
      expect(JSON.stringify(Properties['SubnetIds']).match(/VpcAppSubnet\dSubnet/g)).toHaveLength(2);
    },
  },
  {
    cell: 'DB-2@compact',
    demand: 'a standby in the other zone',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBInstance')[1].Properties['MultiAZ']).toBe(true);
    },
  },
  {
    cell: 'DB-3@compact',
    demand: 'storage is encrypted under a key of ours',
    proof: ({ templates: { data } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBInstance');
      expect(Properties['StorageEncrypted']).toBe(true);
      expect(data.all[referenceOf(Properties['KmsKeyId']) ?? '']?.Type).toBe('AWS::KMS::Key');
    },
  },
  {
    cell: 'DB-4@compact',
    demand: 'connections without TLS are refused',
    proof: ({ templates: { data } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBParameterGroup');
      expect(Properties['Parameters']).toMatchObject({ 'rds.force_ssl': '1' });
    },
  },
  {
    cell: 'DB-5@compact',
    demand: 'the credential comes from a secret that exists already, and no other is made for the database',
    proof: ({ templates: { data, compute } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBInstance');
      const [lookupId, lookup] = data.only('Custom::AWS');
      expect(JSON.stringify(lookup.Properties['Update'])).toContain(existingSecret);
      const resolved = (field: string) =>
        expect.stringMatching(new RegExp(`${lookupId}.*:SecretString:${field}::`)) as unknown;
      expect(JSON.stringify(Properties['MasterUsername'])).toEqual(resolved('username'));
      expect(JSON.stringify(Properties['MasterUserPassword'])).toEqual(resolved('password'));
      expect(data.entries('AWS::SecretsManager::Secret')).toEqual([]);
      expect(data.entries('AWS::SecretsManager::SecretTargetAttachment')).toEqual([]);
      const migrations = JSON.stringify(compute.statementsOf('role-migration-task-test1'));
      expect(migrations).toContain('secretsmanager:GetSecretValue');
      expect(migrations).not.toContain('??????');
      expect(migrations).toContain('kms:EncryptionContext:SecretARN');
      expect(readableSecrets(compute, 'role-api-task-test1')).toEqual(['secret-webhook-key-test1']);
    },
  },
  {
    cell: 'DB-7@compact',
    demand: 'protected against deletion, unless allowDestroy says otherwise',
    proof: ({ templates: { data } }) => {
      const isProtected = (template: typeof data) =>
        template.only('AWS::RDS::DBInstance')[1].Properties['DeletionProtection'];
      expect(isProtected(data)).toBe(true);
      const destroyable = testPlatform({ ...profileContexts['compact'], allowDestroy: 'true' }).templates.data;
      expect(isProtected(destroyable)).toBe(false);
      expect(destroyable.only('AWS::RDS::DBInstance')[1].DeletionPolicy).toBe('Delete');
    },
  },
];
