import { referenceOf } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';
import { actionsOfEveryTask, allowedActions } from './shared-rows';

/** APP, EDGE and OBS: service, edge and observability. */
export const service: readonly RequirementRow[] = [
  {
    cell: 'APP-1@compact',
    demand: 'Fargate with awsvpc, exactly 512 CPU units and 1024 MiB, the image from a private repository that exists',
    proof: ({ templates: { compute } }) => {
      const api = compute.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === 'task-api-test1');
      expect(api).toMatchObject({
        Cpu: '512',
        Memory: '1024',
        NetworkMode: 'awsvpc',
        RequiresCompatibilities: ['FARGATE'],
      });
      for (const { Cpu, Memory } of compute.properties('AWS::ECS::TaskDefinition')) {
        expect([Cpu, Memory]).toEqual(['512', '1024']);
      }
      const [container] = api?.['ContainerDefinitions'] as { Image: unknown }[];
      expect(JSON.stringify(container?.Image)).toMatch(/\.dkr\.ecr\.ap-northeast-2\..*\/payments\/api:v1/);
    },
  },
  {
    cell: 'APP-2@compact',
    demand: 'three tasks at first, three to ten afterwards',
    proof: ({ templates: { compute } }) => {
      expect(compute.only('AWS::ApplicationAutoScaling::ScalableTarget')[1].Properties).toMatchObject({
        MinCapacity: 3,
        MaxCapacity: 10,
      });
      expect(compute.only('Custom::EcsDeployment')[1].Properties['InitialTaskCount']).toEqual('3');
    },
  },
  {
    cell: 'APP-3@compact',
    demand: 'the number of tasks follows their CPU',
    proof: ({ templates: { compute } }) => {
      const tracked = compute
        .properties('AWS::ApplicationAutoScaling::ScalingPolicy')
        .filter(({ PolicyType }) => PolicyType === 'TargetTrackingScaling')
        .map(({ TargetTrackingScalingPolicyConfiguration: configuration }) => configuration);
      expect(tracked).toEqual([
        expect.objectContaining({
          PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
        }),
      ]);
    },
  },
  {
    cell: 'APP-6@compact',
    demand: 'the execution role pulls the image and writes the log; the task’s own role is another',
    proof: ({ templates: { compute } }) => {
      const execution = compute.statementsOf('role-api-execution-test1').flatMap(({ Action }) => Action ?? []);
      expect(new Set(execution)).toEqual(
        new Set([
          'ecr:BatchCheckLayerAvailability',
          'ecr:BatchGetImage',
          'ecr:GetDownloadUrlForLayer',
          'ecr:GetAuthorizationToken',
          'logs:CreateLogStream',
          'logs:PutLogEvents',
        ]),
      );
      expect(allowedActions(compute, 'role-api-task-test1')).toEqual(actionsOfEveryTask);
    },
  },
  {
    cell: 'EDGE-1@compact',
    demand: 'the load balancer listens on 443 only, with a certificate of ACM',
    proof: ({ templates: { compute } }) => {
      const [, { Properties }] = compute.only('AWS::ElasticLoadBalancingV2::Listener');
      const [certificateId] = compute.only('AWS::CertificateManager::Certificate');
      expect(Properties).toMatchObject({
        Port: 443,
        Protocol: 'HTTPS',
        Certificates: [{ CertificateArn: { Ref: certificateId } }],
      });
      expect(Properties['SslPolicy']).toMatch(/TLS13-1-2/);
      expect(compute.only('AWS::ElasticLoadBalancingV2::LoadBalancer')[1].Properties['Scheme']).toBe('internet-facing');
    },
  },
  {
    cell: 'EDGE-2@compact',
    demand: 'a web ACL protects the load balancer',
    proof: ({ templates: { edge } }) => {
      const [aclId, { Properties }] = edge.only('AWS::WAFv2::WebACL');
      expect(Properties['Scope']).toBe('REGIONAL');
      const [, association] = edge.only('AWS::WAFv2::WebACLAssociation');
      expect(referenceOf(association.Properties['WebACLArn'])).toBe(aclId);
      expect(JSON.stringify(association.Properties['ResourceArn'])).toContain('LoadBalancerAlb');
    },
  },
  {
    cell: 'EDGE-5@compact',
    demand: 'the platform makes the hosted zone, with an alias record to the load balancer',
    proof: ({ templates: { compute } }) => {
      const [, zone] = compute.only('AWS::Route53::HostedZone');
      expect(zone.Properties['Name']).toBe('pay.example.com.');
      const [, { Properties: record }] = compute.only('AWS::Route53::RecordSet');
      expect(record).toMatchObject({ Name: 'pay.example.com.', Type: 'A' });
      expect(JSON.stringify(record['AliasTarget'])).toContain('LoadBalancerAlb');
    },
  },
  {
    cell: 'OBS-1@compact',
    demand: 'every log is kept for 7 days',
    proof: ({ all }) => {
      const groups = all.flatMap(({ resources }) => resources.properties('AWS::Logs::LogGroup'));
      expect(groups.length).toBeGreaterThan(10);
      for (const group of groups) expect(group['RetentionInDays']).toBe(7);
    },
  },
];
