import { routeTableCount, subnetTiers, tierOf, zoneCount } from '../support/network-facts';
import { referenceOf, type TemplateResources } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';

/** Subnet id -> the target of its route table's default route, if it has one. */
function defaultRoutes(network: TemplateResources): Map<string, string | undefined> {
  const routes = network
    .properties('AWS::EC2::Route')
    .filter(({ DestinationCidrBlock }) => DestinationCidrBlock === '0.0.0.0/0');
  return new Map(
    network.properties('AWS::EC2::SubnetRouteTableAssociation').map(({ SubnetId, RouteTableId }) => {
      const route = routes.find((each) => referenceOf(each['RouteTableId']) === referenceOf(RouteTableId));
      return [referenceOf(SubnetId) ?? '', referenceOf(route?.['NatGatewayId'] ?? route?.['GatewayId'])];
    }),
  );
}

/** LOC, NET and DB: regions and names, network, database. */
export const foundation: readonly RequirementRow[] = [
  {
    cell: 'LOC-1@flagship',
    demand: 'the home region is eu-south-2; what belongs to CloudFront is in us-east-1',
    proof: ({ all }) => {
      for (const { region, tier } of all) expect(region).toBe(tier === 'edge' ? 'us-east-1' : 'eu-south-2');
    },
  },
  {
    cell: 'LOC-2@flagship',
    demand: 'names are the resource’s type and the suffix',
    proof: ({ all, templates }) => {
      for (const { stackName, tier } of all) expect(stackName).toBe(`${tier}-stack-test1`);
      const [, loadBalancer] = templates.compute.only('AWS::ElasticLoadBalancingV2::LoadBalancer');
      expect(loadBalancer.Properties).toMatchObject({ Name: 'alb-test1' });
    },
  },
  {
    cell: 'NET-1@flagship',
    demand: 'three zones',
    proof: ({ templates: { network } }) => {
      expect(zoneCount(network)).toBe(3);
    },
  },
  {
    cell: 'NET-2@flagship',
    demand: 'public, private and isolated subnets in every zone',
    proof: ({ templates: { network } }) => {
      expect(subnetTiers(network)).toEqual(['App', 'App', 'App', 'Data', 'Data', 'Data', 'Public', 'Public', 'Public']);
    },
  },
  {
    cell: 'NET-3@flagship',
    demand: 'private subnets leave through the NAT gateway of their own zone',
    proof: ({ templates: { network } }) => {
      const routes = defaultRoutes(network);
      const gateways = new Set(network.entries('AWS::EC2::NatGateway').map(([id]) => id));
      const targets = network
        .entries('AWS::EC2::Subnet')
        .filter(([, { Properties }]) => tierOf(Properties) === 'App')
        .map(([id]) => routes.get(id));
      expect(gateways.size).toBe(3);
      expect(new Set(targets)).toEqual(gateways);
    },
  },
  {
    cell: 'NET-5@flagship',
    demand: 'one security group a tier; the database admits the API tasks and nobody else',
    proof: ({ templates: { network } }) => {
      const groups = network.entries('AWS::EC2::SecurityGroup');
      expect(groups.map(([, { Properties }]) => Properties['GroupName']).sort()).toEqual([
        'alb-security-group-test1',
        'api-security-group-test1',
        'database-security-group-test1',
        'endpoint-security-group-test1',
      ]);
      const named = (name: string) => groups.find(([, { Properties }]) => Properties['GroupName'] === name)?.[0];
      const database = network
        .properties('AWS::EC2::SecurityGroupIngress')
        .filter(({ GroupId }) => referenceOf(GroupId) === named('database-security-group-test1'));
      expect(database).toHaveLength(1);
      expect(referenceOf(database[0]?.['SourceSecurityGroupId'])).toBe(named('api-security-group-test1'));
      expect(database[0]).toMatchObject({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432 });
      for (const [, { Properties }] of groups) expect(Properties).not.toHaveProperty('SecurityGroupIngress');
    },
  },
  {
    cell: 'NET-6@flagship',
    demand: 'tasks run in private subnets, without addresses of their own',
    proof: ({ templates: { compute } }) => {
      const [, { Properties }] = compute.only('AWS::ECS::Service');
      const { AwsvpcConfiguration: network } = Properties['NetworkConfiguration'] as {
        AwsvpcConfiguration: { AssignPublicIp: string; Subnets: unknown[] };
      };
      expect(network.AssignPublicIp).toBe('DISABLED');
      expect(network.Subnets.map((subnet) => /VpcAppSubnet\d/.exec(JSON.stringify(subnet))?.[0])).toEqual([
        'VpcAppSubnet1',
        'VpcAppSubnet2',
        'VpcAppSubnet3',
      ]);
    },
  },
  {
    cell: 'NET-7@flagship',
    demand: 'each subnet has its own route table; isolated ones have no way out',
    proof: ({ templates: { network } }) => {
      expect(routeTableCount(network)).toBe(9);
      const routes = defaultRoutes(network);
      for (const [id, { Properties }] of network.entries('AWS::EC2::Subnet')) {
        expect([tierOf(Properties), routes.get(id) === undefined]).toEqual([
          tierOf(Properties),
          tierOf(Properties) === 'Data',
        ]);
      }
    },
  },
  {
    cell: 'DB-1@flagship',
    demand: 'a provisioned Aurora PostgreSQL cluster in isolated subnets',
    proof: ({ templates: { data } }) => {
      const [, { Properties: cluster }] = data.only('AWS::RDS::DBCluster');
      expect(cluster).toMatchObject({
        Engine: 'aurora-postgresql',
        EngineVersion: expect.stringMatching(/^17\./) as string,
      });
      expect(cluster).not.toHaveProperty('ServerlessV2ScalingConfiguration');
      const [, { Properties: subnets }] = data.only('AWS::RDS::DBSubnetGroup');
      expect(JSON.stringify(subnets['SubnetIds']).match(/VpcDataSubnet\dSubnet/g)).toHaveLength(3);
    },
  },
  {
    cell: 'DB-2@flagship',
    demand: 'a standby in another zone takes over',
    proof: ({ templates: { data } }) => {
      const instances = data.properties('AWS::RDS::DBInstance');
      expect(instances.length).toBeGreaterThanOrEqual(2);
      for (const { PubliclyAccessible } of instances) expect(PubliclyAccessible).toBe(false);
    },
  },
  {
    cell: 'DB-3@flagship',
    demand: 'the cluster is encrypted under a key of ours, which rotates',
    proof: ({ templates: { data } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBCluster');
      expect(Properties['StorageEncrypted']).toBe(true);
      expect(data.all[referenceOf(Properties['KmsKeyId']) ?? '']).toMatchObject({
        Type: 'AWS::KMS::Key',
        Properties: { EnableKeyRotation: true },
      });
    },
  },
  {
    cell: 'DB-4@flagship',
    demand: 'connections without TLS are refused, and the API verifies the server',
    proof: ({ templates: { data, compute } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBClusterParameterGroup');
      expect(Properties['Parameters']).toMatchObject({ 'rds.force_ssl': '1' });
      // Verifying the host name is the API's default; no environment may weaken it.
      expect(JSON.stringify(compute.properties('AWS::ECS::TaskDefinition'))).not.toContain('DATABASE_TLS');
    },
  },
  {
    cell: 'DB-5@flagship',
    demand: 'the credential lives in Secrets Manager and is rotated every 30 days',
    proof: ({ templates: { data } }) => {
      const [clusterId, { Properties }] = data.only('AWS::RDS::DBCluster');
      expect(Properties).toMatchObject({ ManageMasterUserPassword: true });
      expect(Properties).not.toHaveProperty('MasterUserPassword');
      const [, rotation] = data.only('AWS::SecretsManager::RotationSchedule');
      expect(rotation.Properties).toMatchObject({
        SecretId: { 'Fn::GetAtt': [clusterId, 'MasterUserSecret.SecretArn'] },
        RotationRules: { AutomaticallyAfterDays: 30 },
      });
    },
  },
  {
    cell: 'DB-6@flagship',
    demand: 'backups every day, kept for 35 days',
    proof: ({ templates: { data } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBCluster');
      expect(Properties).toMatchObject({ BackupRetentionPeriod: 35, PreferredBackupWindow: '01:00-02:00' });
    },
  },
  {
    cell: 'DB-7@flagship',
    demand: 'the database can be destroyed',
    proof: ({ templates: { data } }) => {
      expect(data.only('AWS::RDS::DBCluster')[1]).toMatchObject({
        DeletionPolicy: 'Delete',
        Properties: { DeletionProtection: false },
      });
    },
  },
];
