import { referenceOf } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';
import { allowedActions, readableSecrets, scalesWithCpuAndMemory, sevenYearsOfLogs } from './shared-rows';

/** APP, EDGE, ASYNC, DOC and OBS: service, edge, payment queue, documents and observability. */
export const service: readonly RequirementRow[] = [
  {
    cell: 'APP-1@partner',
    demand: 'the API runs on Fargate behind the load balancer',
    proof: ({ templates: { compute } }) => {
      const [, { Properties }] = compute.only('AWS::ECS::Service');
      expect(Properties['LaunchType']).toBe('FARGATE');
      const [{ TargetGroupArn } = {}] = Properties['LoadBalancers'] as { TargetGroupArn?: unknown }[];
      expect(compute.all[referenceOf(TargetGroupArn) ?? '']?.Type).toBe('AWS::ElasticLoadBalancingV2::TargetGroup');
    },
  },
  scalesWithCpuAndMemory('partner'),
  {
    cell: 'APP-6@partner',
    demand:
      'a task may connect to the database, read the key of webhooks, send events and keep documents, and nothing else',
    proof: ({ templates: { compute } }) => {
      const allowed = allowedActions(compute, 'role-api-task-test1');
      const services = new Set(allowed.map((action) => action.split(':')[0]));
      expect([...services].sort()).toEqual(['kms', 'rds-db', 's3', 'secretsmanager', 'sqs']);
      expect(readableSecrets(compute, 'role-api-task-test1')).toEqual(['secret-webhook-key-test1']);
      expect(allowed.filter((action) => /[*]|Delete/.test(action))).toEqual([]);
    },
  },
  {
    cell: 'EDGE-1@partner',
    demand: 'the load balancer is in the public subnets and ends TLS there; the VPC link alone reaches it',
    proof: ({ templates: { compute, network } }) => {
      const [, { Properties: listener }] = compute.only('AWS::ElasticLoadBalancingV2::Listener');
      expect(listener).toMatchObject({ Port: 443, Protocol: 'HTTPS' });
      const [, { Properties }] = compute.only('AWS::ElasticLoadBalancingV2::LoadBalancer');
      expect(JSON.stringify(Properties['Subnets']).match(/VpcPublicSubnet\dSubnet/g)).toHaveLength(3);
      const nameOf = (id: unknown) => network.all[referenceOf(id) ?? '']?.Properties['GroupName'];
      const admitted = network
        .properties('AWS::EC2::SecurityGroupIngress')
        .filter(({ GroupId }) => nameOf(GroupId) === 'security-group-alb-test1');
      expect(admitted.map(({ SourceSecurityGroupId }) => nameOf(SourceSecurityGroupId))).toEqual([
        'security-group-vpc-link-test1',
      ]);
    },
  },
  {
    cell: 'EDGE-2@partner',
    demand: 'rule groups of our own against injection, scripts and malformed requests protect API and load balancer',
    proof: ({ templates: { edge } }) => {
      const groups = edge.entries('AWS::WAFv2::RuleGroup');
      expect(groups.map(([, { Properties }]) => Properties['Name']).sort()).toEqual([
        'rule-group-cross-site-scripting-test1',
        'rule-group-request-hygiene-test1',
        'rule-group-sql-injection-test1',
      ]);
      for (const [, { Properties }] of groups) {
        for (const { Action } of Properties['Rules'] as { Action: object }[]) expect(Action).toEqual({ Block: {} });
      }
      for (const { Rules } of edge.properties('AWS::WAFv2::WebACL')) {
        for (const [id] of groups) expect(JSON.stringify(Rules)).toContain(id);
        expect(JSON.stringify(Rules)).not.toContain('"Count"');
      }
      expect(edge.entries('AWS::WAFv2::WebACLAssociation')).toHaveLength(2);
    },
  },
  {
    cell: 'EDGE-3@partner',
    demand: 'mutual TLS at the only address, 1000 requests a second, a usage plan',
    proof: ({ templates: { edge, compute } }) => {
      const [, { Properties: domain }] = edge.only('AWS::ApiGateway::DomainName');
      const { TruststoreVersion, TruststoreUri } = domain['MutualTlsAuthentication'] as Record<string, unknown>;
      expect(JSON.stringify(TruststoreUri)).toContain('s3://');
      expect(TruststoreVersion).toBeDefined();
      expect(edge.only('AWS::ApiGateway::RestApi')[1].Properties['DisableExecuteApiEndpoint']).toBe(true);
      const [, { Properties: stage }] = edge.only('AWS::ApiGateway::Stage');
      expect(stage['MethodSettings']).toContainEqual(
        expect.objectContaining({ ResourcePath: '/*', ThrottlingRateLimit: 1000 }),
      );
      edge.only('AWS::ApiGateway::UsagePlan');
      for (const { Integration } of edge.properties('AWS::ApiGateway::Method')) {
        const { RequestParameters } = Integration as { RequestParameters?: Record<string, string> };
        expect(RequestParameters?.['integration.request.header.x-client-subject']).toBe(
          'context.identity.clientCert.subjectDN',
        );
      }
      const api = compute.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === 'task-api-test1');
      expect(JSON.stringify(api)).toContain('"Name":"CLIENT_CERTIFICATES","Value":"required"');
    },
  },
  {
    cell: 'ASYNC-1@partner',
    demand:
      'payments wait in a queue for a function that reports what failed; what fails five times goes to dead letters, which notify',
    proof: ({ templates: { compute, observability } }) => {
      const queues = compute.entries('AWS::SQS::Queue');
      const [queueId, queue] =
        queues.find(([, { Properties }]) => Properties['QueueName'] === 'queue-payment-test1.fifo') ?? [];
      const { deadLetterTargetArn, maxReceiveCount } = queue?.Properties['RedrivePolicy'] as Record<string, unknown>;
      expect(maxReceiveCount).toBe(5);
      expect(compute.all[referenceOf(deadLetterTargetArn) ?? '']?.Properties['QueueName']).toBe(
        'dead-letter-queue-payment-test1.fifo',
      );
      for (const [, { Properties }] of queues) {
        expect(compute.all[referenceOf(Properties['KmsMasterKeyId']) ?? '']?.Type).toBe('AWS::KMS::Key');
      }
      const [, { Properties: mapping }] = compute.only('AWS::Lambda::EventSourceMapping');
      expect(referenceOf(mapping['EventSourceArn'])).toBe(queueId);
      expect(mapping['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
      const consumer = compute.statementsOf('role-payment-consumer-test1').flatMap(({ Action }) => Action ?? []);
      expect(consumer.filter((action) => action.endsWith('*'))).toEqual([]);
      const alarms = observability.properties('AWS::CloudWatch::Alarm').map(({ AlarmName }) => String(AlarmName));
      expect(alarms.some((name) => name.includes('dead-letters'))).toBe(true);
    },
  },
  {
    cell: 'DOC-1@partner',
    demand:
      'documents are encrypted under a key of ours, private, versioned, archived, and replicated to another region',
    proof: ({ stacks, templates: { data } }) => {
      const Properties =
        data.properties('AWS::S3::Bucket').find((bucket) => 'ReplicationConfiguration' in bucket) ?? {};
      expect(stacks.replica?.region).toBe('us-west-2');
      expect(JSON.stringify(Properties['BucketEncryption'])).toContain('"SSEAlgorithm":"aws:kms"');
      expect(Properties).toMatchObject({
        VersioningConfiguration: { Status: 'Enabled' },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      });
      expect(JSON.stringify(Properties['LifecycleConfiguration'])).toContain('"TransitionInDays":90');
      const { Rules } = Properties['ReplicationConfiguration'] as { Rules: Record<string, unknown>[] };
      expect(Rules).toMatchObject([
        { Status: 'Enabled', SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } } },
      ]);
      expect(JSON.stringify(Rules)).toContain('"ReplicaKmsKeyID"');
    },
  },
  sevenYearsOfLogs('partner'),
  {
    cell: 'OBS-5@partner',
    demand: 'the dashboard shows how long transactions take, how many succeed, and how the system is',
    proof: ({ templates: { observability } }) => {
      const body = JSON.stringify(observability.only('AWS::CloudWatch::Dashboard')[1].Properties['DashboardBody']);
      for (const metric of ['PaymentDuration', 'PaymentsApproved', 'QueuedPaymentDuration', 'HealthyHostCount']) {
        expect(body).toContain(metric);
      }
    },
  },
  {
    cell: 'OBS-6@partner',
    demand: 'dead letters, waiting messages, replication, NAT instances and the certificate have alarms that notify',
    proof: ({ templates }) => {
      const alarms = [templates.network, templates.observability, templates.edge].flatMap((template) =>
        template
          .properties('AWS::CloudWatch::Alarm')
          // Those that only recover or reboot an instance notify nobody.
          .filter(({ AlarmName }) => !/nat-instances-(recovery|reboot)/.test(String(AlarmName)))
          .map((alarm) => ({ alarm, template })),
      );
      const wanted = ['dead-letters', 'queue-age', 'replication', 'nat-instances', 'certificate'];
      for (const word of wanted) {
        const found = alarms.filter(({ alarm }) => String(alarm['AlarmName']).includes(word));
        expect([word, found.length > 0]).toEqual([word, true]);
        for (const { alarm, template } of found) {
          const [action] = alarm['AlarmActions'] as unknown[];
          expect(template.all[referenceOf(action) ?? '']?.Type).toBe('AWS::SNS::Topic');
        }
      }
    },
  },
];
