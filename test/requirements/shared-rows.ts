import { routeTableCount, subnetTiers, zoneCount } from '../support/network-facts';
import { referenceOf, type TemplateResources } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';

/* Demands that several specifications make alike. */

/** What a role may do, but for statements that deny. */
export function allowedActions(compute: TemplateResources, role: string): string[] {
  return compute
    .statementsOf(role)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action ?? []);
}

/** The names of the secrets that a role may read. A secret of another stack has none here and counts as undefined. */
export function readableSecrets(compute: TemplateResources, role: string): unknown[] {
  return compute
    .statementsOf(role)
    .filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('secretsmanager:GetSecretValue'))
    .flatMap(({ Resource }) => Resource)
    .map((secret) => compute.all[referenceOf(secret) ?? '']?.Properties['Name']);
}

/** What every task may do, whatever the profile: connect to the database, and read the key that seals the secrets of webhooks. */
export const actionsOfEveryTask: readonly string[] = [
  'rds-db:connect',
  'secretsmanager:DescribeSecret',
  'secretsmanager:GetSecretValue',
];

/** All stacks are in one region, except the replica and CloudFront's stack. */
export function standsIn(profile: string, region: string): RequirementRow {
  return {
    cell: `LOC-1@${profile}`,
    demand: `every tier is in ${region}`,
    proof: ({ all }) => {
      const regions = all.filter(({ tier }) => tier !== 'replica').map((stack) => stack.region);
      expect(regions).toEqual(Array(5).fill(region));
    },
  };
}

/** Three zones with three subnet tiers and a route table per subnet. */
export function threeTiersInThreeZones(profile: string): RequirementRow[] {
  return [
    {
      cell: `NET-1@${profile}`,
      demand: 'three zones',
      proof: ({ templates: { network } }) => {
        expect(zoneCount(network)).toBe(3);
      },
    },
    {
      cell: `NET-2@${profile}`,
      demand: 'public, private and isolated subnets in each zone',
      proof: ({ templates: { network } }) => {
        const each = (tier: string) => [tier, tier, tier];
        expect(subnetTiers(network)).toEqual([...each('App'), ...each('Data'), ...each('Public')]);
        expect(routeTableCount(network)).toBe(9);
        const isolated = network
          .entries('AWS::EC2::RouteTable')
          .map(([id]) => id)
          .filter((id) => id.includes('Data'));
        const routes = network.properties('AWS::EC2::Route').map(({ RouteTableId }) => referenceOf(RouteTableId));
        expect(isolated).toHaveLength(3);
        expect(routes.filter((table) => isolated.includes(table ?? ''))).toEqual([]);
      },
    },
  ];
}

/** Tasks run in private subnets without public addresses. */
export function tasksArePrivate(profile: string): RequirementRow {
  return {
    cell: `NET-6@${profile}`,
    demand: 'tasks and functions that reach the database are in private subnets',
    proof: ({ all, templates }) => {
      const service = JSON.stringify(templates.compute.only('AWS::ECS::Service')[1].Properties['NetworkConfiguration']);
      expect(service).toContain('"AssignPublicIp":"DISABLED"');
      const places = all
        .flatMap(({ resources }) => resources.properties('AWS::Lambda::Function'))
        .flatMap(({ VpcConfig }) => (VpcConfig === undefined ? [] : [JSON.stringify(VpcConfig)]));
      expect(places.length).toBeGreaterThan(0);
      for (const place of [service, ...places]) {
        expect(place.match(/Vpc(App|Data)Subnet\dSubnet/g)).toHaveLength(3);
        expect(place).not.toContain('VpcPublicSubnet');
      }
    },
  };
}

/** Tasks follow CPU at 70 % and memory at 80 %. */
export function scalesWithCpuAndMemory(profile: string): RequirementRow {
  return {
    cell: `APP-3@${profile}`,
    demand: 'tasks are added at 70 % CPU and at 80 % memory',
    proof: ({ templates: { compute } }) => {
      const targets = compute
        .properties('AWS::ApplicationAutoScaling::ScalingPolicy')
        .filter(({ PolicyType }) => PolicyType === 'TargetTrackingScaling')
        .map(({ TargetTrackingScalingPolicyConfiguration: configuration }) => {
          const { PredefinedMetricSpecification: metric, TargetValue } = configuration as Record<
            string,
            Record<string, unknown>
          >;
          return [metric?.['PredefinedMetricType'], TargetValue];
        });
      expect(targets).toEqual([
        ['ECSServiceAverageCPUUtilization', 70],
        ['ECSServiceAverageMemoryUtilization', 80],
      ]);
    },
  };
}

/** The storage is encrypted under a customer managed key with rotation. */
export function encryptedUnderOwnKey(profile: string): RequirementRow {
  return {
    cell: `DB-3@${profile}`,
    demand: 'the cluster, and its backups with it, is encrypted under a key of ours that rotates',
    proof: ({ templates: { data } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBCluster');
      expect(Properties['StorageEncrypted']).toBe(true);
      const key = data.all[referenceOf(Properties['KmsKeyId']) ?? ''];
      expect(key).toMatchObject({ Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true } });
    },
  };
}

/** The database requires TLS, and the API verifies the certificate. */
export function encryptedConnections(profile: string): RequirementRow {
  return {
    cell: `DB-4@${profile}`,
    demand: 'the database refuses connections without TLS, and its clients check its certificate',
    proof: ({ templates: { data, compute } }) => {
      const [, { Properties }] = data.only('AWS::RDS::DBClusterParameterGroup');
      expect(Properties['Parameters']).toMatchObject({ 'rds.force_ssl': '1' });
      // DATABASE_TLS is verify-full unless it is set.
      expect(JSON.stringify(compute.template.toJSON())).not.toContain('DATABASE_TLS');
    },
  };
}

/** The database has no deletion protection. */
export function notProtected(profile: string): RequirementRow {
  return {
    cell: `DB-7@${profile}`,
    demand: 'the cluster goes with its environment',
    proof: ({ templates: { data } }) => {
      const [, cluster] = data.only('AWS::RDS::DBCluster');
      expect(cluster).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtection: false } });
    },
  };
}

/** Every log group is encrypted and has a retention of seven years. */
export function sevenYearsOfLogs(profile: string): RequirementRow {
  return {
    cell: `OBS-1@${profile}`,
    demand: 'every log is kept for seven years, as CloudWatch counts them, under a key of ours',
    proof: ({ all }) => {
      const groups = all.flatMap(({ resources }) =>
        resources.properties('AWS::Logs::LogGroup').map((group) => ({ group, resources })),
      );
      expect(groups.length).toBeGreaterThan(15);
      for (const { group, resources } of groups) {
        expect([group['LogGroupName'], group['RetentionInDays']]).toEqual([group['LogGroupName'], 2557]);
        expect(resources.all[referenceOf(group['KmsKeyId']) ?? '']?.Type).toBe('AWS::KMS::Key');
      }
    },
  };
}
