import { referenceOf, type TemplateResources } from '../support/template-resources';
import type { RequirementRow } from './requirement-row';
import { actionsOfEveryTask, allowedActions, scalesWithCpuAndMemory, sevenYearsOfLogs } from './shared-rows';

/** The methods that clients call, without the answers to browsers that ask what is allowed. */
const methodsOf = ({ edge }: { edge: TemplateResources }) =>
  edge.entries('AWS::ApiGateway::Method').filter(([, { Properties }]) => Properties['HttpMethod'] !== 'OPTIONS');

/** APP, EDGE, BAK and OBS: service, edge, backups and observability. */
export const service: readonly RequirementRow[] = [
  {
    cell: 'APP-1@metered',
    demand: 'the API runs on Fargate, its image comes from the platform’s own repository',
    proof: ({ templates: { compute, data }, stacks }) => {
      expect(compute.only('AWS::ECS::Service')[1].Properties['LaunchType']).toBe('FARGATE');
      expect(data.only('AWS::ECR::Repository')[1].Properties['RepositoryName']).toBe('api-repository-test1');
      const api = compute.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === 'api-task-test1');
      const [{ Image } = {}] = api?.['ContainerDefinitions'] as { Image?: unknown }[];
      expect(JSON.stringify(stacks.compute.resolve(Image))).toMatch(/dkr\.ecr\.ap-southeast-1\..*api-repository-test1/);
    },
  },
  scalesWithCpuAndMemory('metered'),
  {
    cell: 'APP-5@metered',
    demand: 'blue-green, with a shift of traffic in steps over two weighted target groups',
    proof: ({ templates: { compute } }) => {
      expect(compute.only('AWS::ECS::Service')[1].Properties['DeploymentController']).toEqual({ Type: 'CODE_DEPLOY' });
      expect(compute.entries('AWS::ElasticLoadBalancingV2::TargetGroup')).toHaveLength(2);
      const [, { Properties }] = compute.only('AWS::CodeDeploy::DeploymentConfig');
      expect(Properties['TrafficRoutingConfig']).toEqual({
        Type: 'TimeBasedLinear',
        TimeBasedLinear: { LinearInterval: 1, LinearPercentage: 10 },
      });
    },
  },
  {
    cell: 'APP-6@metered',
    demand: 'a task may connect to the database, read the key of webhooks and send traces, and nothing else',
    proof: ({ templates: { compute } }) => {
      const allowed = allowedActions(compute, 'api-task-role-test1');
      expect(allowed.filter((action) => !action.startsWith('xray:'))).toEqual(actionsOfEveryTask);
    },
  },
  {
    cell: 'EDGE-1@metered',
    demand: 'the load balancer is in the public subnets, and admits the VPC link of the API Gateway only',
    proof: ({ templates: { compute, network } }) => {
      const [, { Properties }] = compute.only('AWS::ElasticLoadBalancingV2::LoadBalancer');
      expect(JSON.stringify(Properties['Subnets']).match(/VpcPublicSubnet\dSubnet/g)).toHaveLength(3);
      const nameOf = (id: unknown) => network.all[referenceOf(id) ?? '']?.Properties['GroupName'];
      const admitted = network
        .properties('AWS::EC2::SecurityGroupIngress')
        .filter(({ GroupId }) => nameOf(GroupId) === 'alb-security-group-test1');
      expect(admitted.map(({ SourceSecurityGroupId }) => nameOf(SourceSecurityGroupId))).toEqual([
        'vpc-link-security-group-test1',
      ]);
    },
  },
  {
    cell: 'EDGE-2@metered',
    demand:
      'rules of our own block SQL keywords in query parameters, and scripts, before the API and before the load balancer',
    proof: ({ templates: { edge } }) => {
      const acls = edge.properties('AWS::WAFv2::WebACL');
      expect(acls).toHaveLength(2);
      for (const { Rules } of acls) {
        const own = (Rules as { Name: string; Action?: object }[]).filter(({ Name }) => !Name.startsWith('AWS'));
        const names = own.map(({ Name }) => Name);
        expect(names).toEqual(expect.arrayContaining(['SqlKeywords', 'SqlInjection', 'CrossSiteScripting']));
        for (const { Action } of own) expect(Action).toEqual({ Block: {} });
      }
      const targets = edge
        .properties('AWS::WAFv2::WebACLAssociation')
        .map(({ ResourceArn }) => JSON.stringify(ResourceArn));
      expect(targets.filter((arn) => arn.includes('/restapis/'))).toHaveLength(1);
      expect(targets.filter((arn) => arn.includes('LoadBalancerAlb'))).toHaveLength(1);
      expect(edge.entries('AWS::WAFv2::LoggingConfiguration')).toHaveLength(2);
    },
  },
  {
    cell: 'EDGE-3@metered',
    demand: 'every endpoint but health needs an API key and has its own throttle; a key has 1000 requests a minute',
    proof: ({ templates }) => {
      const { edge } = templates;
      const open = methodsOf(templates).filter(([, { Properties }]) => Properties['ApiKeyRequired'] !== true);
      expect(open.map(([id]) => id)).toEqual([expect.stringMatching(/health/)]);
      const [, { Properties: stage }] = edge.only('AWS::ApiGateway::Stage');
      const settings = stage['MethodSettings'] as { ResourcePath: string; ThrottlingRateLimit?: number }[];
      const own = settings.filter(({ ResourcePath }) => ResourcePath !== '/*');
      expect(own).toHaveLength(methodsOf(templates).length);
      for (const { ThrottlingRateLimit } of own) expect(ThrottlingRateLimit).toBeGreaterThan(0);
      const { BurstLimit, RateLimit } = edge.only('AWS::ApiGateway::UsagePlan')[1].Properties['Throttle'] as {
        BurstLimit: number;
        RateLimit: number;
      };
      expect(BurstLimit + 60 * RateLimit).toBeLessThanOrEqual(1000);
      const perKey = edge
        .properties('AWS::WAFv2::WebACL')
        .flatMap(({ Rules }) => Rules as { Name: string; Statement: object }[])
        .filter(({ Name }) => Name === 'RateLimitPerKey');
      expect(perKey.map(({ Statement }) => Statement)).toMatchObject([
        {
          RateBasedStatement: { Limit: 1000, EvaluationWindowSec: 60, CustomKeys: [{ Header: { Name: 'x-api-key' } }] },
        },
      ]);
    },
  },
  {
    cell: 'BAK-1@metered',
    demand: 'a restore is tried daily, and its failure or its absence raises an alarm',
    proof: ({ templates: { data, observability } }) => {
      const [, { Properties }] = data.only('AWS::Scheduler::Schedule');
      expect(Properties['ScheduleExpression']).toBe('cron(0 3 * * ? *)');
      expect(data.all[referenceOf((Properties['Target'] as { Arn: unknown }).Arn) ?? '']?.Type).toBe(
        'AWS::StepFunctions::StateMachine',
      );
      const alarms = observability.properties('AWS::CloudWatch::Alarm').map(({ AlarmName }) => String(AlarmName));
      expect(alarms.filter((name) => name.startsWith('restore-drill-'))).toHaveLength(3);
    },
  },
  sevenYearsOfLogs('metered'),
  {
    cell: 'OBS-2@metered',
    demand: 'the application’s logs go to a bucket, too, and from there to Glacier',
    proof: ({ templates: { observability } }) => {
      const filters = observability.properties('AWS::Logs::SubscriptionFilter');
      const [streamId] = observability.only('AWS::KinesisFirehose::DeliveryStream');
      for (const { DestinationArn } of filters) expect(referenceOf(DestinationArn)).toBe(streamId);
      const groups = filters.map(({ LogGroupName }) => JSON.stringify(LogGroupName));
      for (const writer of ['Api', 'Migration']) {
        expect(groups.filter((group) => group.includes(`ExportsOutputRef${writer}LogGroup`))).toHaveLength(1);
      }
      const [, { Properties }] = observability.only('AWS::S3::Bucket');
      expect(JSON.stringify(Properties['LifecycleConfiguration'])).toContain('"StorageClass":"GLACIER"');
      expect(JSON.stringify(Properties['LifecycleConfiguration'])).toContain('"ExpirationInDays":2557');
    },
  },
  {
    cell: 'OBS-4@metered',
    demand: 'API Gateway, tasks and functions are traced, one request in ten',
    proof: ({ all, templates: { edge, compute } }) => {
      expect(edge.only('AWS::ApiGateway::Stage')[1].Properties['TracingEnabled']).toBe(true);
      const rules = all.flatMap(({ resources }) => resources.properties('AWS::XRay::SamplingRule'));
      const rates = rules.map(({ SamplingRule }) => (SamplingRule as { FixedRate: number }).FixedRate);
      expect(new Set(rates)).toEqual(new Set([0.1]));
      const api = compute.properties('AWS::ECS::TaskDefinition').find(({ Family }) => Family === 'api-task-test1');
      const containers = api?.['ContainerDefinitions'] as { Name: string; Essential: boolean }[];
      expect(containers).toHaveLength(2);
      expect(JSON.stringify(containers)).toContain('"Name":"TRACING","Value":"otlp"');
      // CDK's own providers empty buckets and close the default group at deployments; no request reaches them.
      const functions = all
        .flatMap(({ resources }) => resources.entries('AWS::Lambda::Function'))
        .filter(([id]) => !/^Custom(S3AutoDelete|VpcRestrictDefaultSG)/.test(id));
      expect(functions.length).toBeGreaterThan(5);
      for (const [id, { Properties }] of functions) {
        expect([id, Properties['TracingConfig']]).toEqual([id, { Mode: 'Active' }]);
      }
    },
  },
  {
    cell: 'OBS-5@metered',
    demand: 'the dashboard shows response times, error rates and transaction volumes',
    proof: ({ templates: { observability } }) => {
      const body = JSON.stringify(observability.only('AWS::CloudWatch::Dashboard')[1].Properties['DashboardBody']);
      for (const title of ['Response time', 'Error rate', 'Payments a minute']) expect(body).toContain(title);
    },
  },
  {
    cell: 'OBS-6@metered',
    demand: 'a failed restore drill notifies',
    proof: ({ templates: { observability } }) => {
      const failure = observability
        .properties('AWS::CloudWatch::Alarm')
        .find(({ AlarmName }) => AlarmName === 'restore-drill-failure-alarm-test1');
      const [action] = (failure?.['AlarmActions'] ?? []) as unknown[];
      expect(observability.all[referenceOf(action) ?? '']?.Type).toBe('AWS::SNS::Topic');
    },
  },
];
