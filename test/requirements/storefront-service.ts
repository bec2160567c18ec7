import type { TemplateResources } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';

const listenersOf = ({ compute }: { compute: TemplateResources }) =>
  compute.properties('AWS::ElasticLoadBalancingV2::Listener');
const distributionOf = ({ edge }: { edge: TemplateResources }) =>
  edge.only('AWS::CloudFront::Distribution')[1].Properties['DistributionConfig'] as Readonly<Record<string, unknown>>;
const apiTask = (compute: TemplateResources) => {
  const task = compute.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === 'api-task-test1');
  const [container] = (task?.['ContainerDefinitions'] ?? []) as Readonly<Record<string, unknown>>[];
  return container ?? {};
};

/** APP, EDGE and OBS: service, edge and observability. */
export const service: readonly RequirementRow[] = [
  {
    cell: 'APP-1@storefront',
    demand: 'any container that keeps the contract runs on Fargate',
    proof: ({ templates: { compute } }) => {
      expect(compute.only('AWS::ECS::Service')[1].Properties['LaunchType']).toBe('FARGATE');
      expect(apiTask(compute)['PortMappings']).toEqual([{ ContainerPort: 3000, Protocol: 'tcp' }]);
    },
  },
  {
    cell: 'APP-2@storefront',
    demand: 'three to ten tasks',
    proof: ({ templates: { compute } }) => {
      expect(compute.only('AWS::ApplicationAutoScaling::ScalableTarget')[1].Properties).toMatchObject({
        MinCapacity: 3,
        MaxCapacity: 10,
      });
    },
  },
  {
    cell: 'APP-3@storefront',
    demand: 'tasks are added at 70 % CPU and at 80 % memory',
    proof: ({ templates: { compute } }) => {
      const targets = compute
        .properties('AWS::ApplicationAutoScaling::ScalingPolicy')
        .filter(({ PolicyType }) => PolicyType === 'TargetTrackingScaling')
        .map(
          ({ TargetTrackingScalingPolicyConfiguration: configuration }) =>
            configuration as Record<string, Record<string, unknown>>,
        )
        .map(({ PredefinedMetricSpecification: metric, TargetValue }) => [
          metric?.['PredefinedMetricType'],
          TargetValue,
        ]);
      expect(targets).toEqual([
        ['ECSServiceAverageCPUUtilization', 70],
        ['ECSServiceAverageMemoryUtilization', 80],
      ]);
    },
  },
  {
    cell: 'APP-4@storefront',
    demand: 'containers are checked every 30 s and replaced by themselves',
    proof: ({ templates: { compute } }) => {
      expect(apiTask(compute)).toMatchObject({ Essential: true, HealthCheck: { Interval: 30, Retries: 2 } });
    },
  },
  {
    cell: 'APP-6@storefront',
    demand: 'the task may read its connection string, and no other secret',
    proof: ({ templates: { compute } }) => {
      const allowed = compute.statementsOf('api-task-role-test1').filter(({ Effect }) => Effect === 'Allow');
      const reading = allowed.filter(({ Action }) => JSON.stringify(Action).includes('secretsmanager:'));
      expect(reading).toHaveLength(1);
      expect(JSON.stringify(reading[0]?.Resource)).toContain('ConnectionString');
      expect(JSON.stringify(allowed)).not.toContain('rds-db:connect');
    },
  },
  {
    cell: 'EDGE-1@storefront',
    demand: 'the load balancer answers HTTPS only, with a certificate of ACM',
    proof: ({ templates }) => {
      const [certificateId] = templates.compute.only('AWS::CertificateManager::Certificate');
      expect(listenersOf(templates)).toHaveLength(1);
      expect(listenersOf(templates)[0]).toMatchObject({
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: [{ CertificateArn: { Ref: certificateId } }],
      });
    },
  },
  {
    cell: 'EDGE-2@storefront',
    demand: 'a web ACL protects CloudFront, and another protects the load balancer',
    proof: ({ templates: { edge } }) => {
      const scopes = edge.properties('AWS::WAFv2::WebACL').map(({ Scope }) => Scope);
      expect(scopes.sort()).toEqual(['CLOUDFRONT', 'REGIONAL']);
      expect(edge.entries('AWS::WAFv2::WebACLAssociation')).toHaveLength(1);
    },
  },
  {
    cell: 'EDGE-4@storefront',
    demand: 'the console is served by CloudFront under its own certificate',
    proof: ({ templates }) => {
      const [certificateId, certificate] = templates.edge.only('AWS::CertificateManager::Certificate');
      expect(certificate.Properties['DomainName']).toBe('pay.example.com');
      expect(distributionOf(templates)).toMatchObject({
        Aliases: ['pay.example.com'],
        ViewerCertificate: { AcmCertificateArn: { Ref: certificateId }, MinimumProtocolVersion: 'TLSv1.2_2021' },
      });
    },
  },
  {
    cell: 'EDGE-5@storefront',
    demand: 'certificates are validated by DNS in the zone that exists, which also names both ways in',
    proof: ({ templates: { compute, edge } }) => {
      for (const template of [compute, edge]) {
        const [, { Properties }] = template.only('AWS::CertificateManager::Certificate');
        expect(Properties['ValidationMethod']).toBe('DNS');
        expect(JSON.stringify(Properties['DomainValidationOptions'])).toContain('Z0123456789ABCDEFGHIJ');
      }
      const records = [compute, edge]
        .flatMap((template) => template.properties('AWS::Route53::RecordSet'))
        .map(({ Name, Type }) => [Name, Type]);
      expect(records).toEqual([
        ['api.pay.example.com.', 'A'],
        ['pay.example.com.', 'A'],
        ['pay.example.com.', 'AAAA'],
      ]);
    },
  },
  {
    cell: 'OBS-1@storefront',
    demand: 'every log is kept for 30 days',
    proof: ({ all }) => {
      const groups = all.flatMap(({ resources }) => resources.properties('AWS::Logs::LogGroup'));
      expect(groups.length).toBeGreaterThan(15);
      for (const { RetentionInDays } of groups) expect(RetentionInDays).toBe(30);
    },
  },
  {
    cell: 'OBS-3@storefront',
    demand: 'access logs of the load balancer are kept in a bucket for 30 days, and in a log group too',
    proof: ({ templates: { compute } }) => {
      const [bucketId, bucket] = compute.only('AWS::S3::Bucket');
      expect(bucket.Properties).toMatchObject({
        LifecycleConfiguration: { Rules: [{ ExpirationInDays: 30, Status: 'Enabled' }] },
        NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
      });
      const [, rule] = compute.only('AWS::Events::Rule');
      expect(JSON.stringify(rule.Properties['EventPattern'])).toContain(`{"Ref":"${bucketId}"}`);
      const names = compute.properties('AWS::Logs::LogGroup').map(({ LogGroupName }) => LogGroupName);
      expect(names).toContain('alb-access-log-group-test1');
    },
  },
];
