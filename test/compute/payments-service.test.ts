import { computeTier, ownDomain } from '../support/compute-tier';
import { referenceOf, TemplateResources } from '../support/template-resources';

const stack = computeTier(ownDomain);
const resources = new TemplateResources(stack);
const [serviceId, { Properties: service, DependsOn: after }] = resources.only('AWS::ECS::Service');

test('runs three to ten tasks', () => {
  const [, { Properties }] = resources.only('AWS::ApplicationAutoScaling::ScalableTarget');
  expect(Properties).toMatchObject({ MinCapacity: 3, MaxCapacity: 10, ScalableDimension: 'ecs:service:DesiredCount' });
  expect(JSON.stringify(Properties['ResourceId'])).toContain(`{"Fn::GetAtt":["${serviceId}","Name"]}`);
});

test('tracks CPU at 70 % and memory at 80 %, with a shorter cooldown for scale-out', () => {
  const policies = resources
    .properties('AWS::ApplicationAutoScaling::ScalingPolicy')
    .filter(({ PolicyType }) => PolicyType === 'TargetTrackingScaling');
  expect(policies.map(({ TargetTrackingScalingPolicyConfiguration: tracking }) => tracking)).toEqual(
    [
      ['ECSServiceAverageCPUUtilization', 70],
      ['ECSServiceAverageMemoryUtilization', 80],
    ].map(([metric, target]) => ({
      PredefinedMetricSpecification: { PredefinedMetricType: metric },
      TargetValue: target,
      ScaleOutCooldown: 60,
      ScaleInCooldown: 300,
    })),
  );
  const [target] = resources.only('AWS::ApplicationAutoScaling::ScalableTarget');
  expect(policies.map(({ ScalingTargetId }) => referenceOf(ScalingTargetId))).toEqual([target, target]);
});

test('adds one task from 60 refused requests a minute, and three from 3,060', () => {
  const [[policyId, policy] = ['', {}]] = resources
    .entries('AWS::ApplicationAutoScaling::ScalingPolicy')
    .map(([id, { Properties }]): [string, Record<string, unknown>] => [id, Properties])
    .filter(([, { PolicyType }]) => PolicyType === 'StepScaling');
  const [target] = resources.only('AWS::ApplicationAutoScaling::ScalableTarget');
  expect(referenceOf(policy['ScalingTargetId'])).toBe(target);
  expect(policy['StepScalingPolicyConfiguration']).toMatchObject({
    AdjustmentType: 'ChangeInCapacity',
    Cooldown: 60,
    StepAdjustments: [
      { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 3000, ScalingAdjustment: 1 },
      { MetricIntervalLowerBound: 3000, ScalingAdjustment: 3 },
    ],
  });
  const alarms = resources
    .properties('AWS::CloudWatch::Alarm')
    .filter(({ AlarmActions = [] }) => (AlarmActions as unknown[]).some((action) => referenceOf(action) === policyId));
  expect(alarms).toEqual([
    expect.objectContaining({
      AlarmName: 'api-refusing-scale-out-alarm-test1',
      MetricName: 'RequestsRefused',
      Namespace: 'PaymentPlatform',
      Statistic: 'Sum',
      Threshold: 60,
      TreatMissingData: 'notBreaching',
    }),
  ]);
});

test('runs tasks in private subnets, without public address and without ECS Exec', () => {
  expect(service).toMatchObject({ LaunchType: 'FARGATE', EnableExecuteCommand: false });
  expect(service['NetworkConfiguration']).toEqual({
    AwsvpcConfiguration: {
      AssignPublicIp: 'DISABLED',
      SecurityGroups: ['sg-0123456789abcdef2'],
      Subnets: ['subnet-b1000000000000000', 'subnet-b2000000000000000', 'subnet-b3000000000000000'],
    },
  });
});

test('registers tasks with the blue target group after the rule', () => {
  const [rule] = resources.only('AWS::ElasticLoadBalancingV2::ListenerRule');
  const [blue] =
    resources
      .entries('AWS::ElasticLoadBalancingV2::TargetGroup')
      .find(([, { Properties }]) => Properties['Name'] === 'blue-target-group-test1') ?? [];
  expect(service).toMatchObject({
    ServiceName: 'api-service-test1',
    LoadBalancers: [{ ContainerName: 'api', ContainerPort: 3000, TargetGroupArn: { Ref: blue } }],
    HealthCheckGracePeriodSeconds: 90,
    DeploymentConfiguration: { MinimumHealthyPercent: 100, MaximumPercent: 200 },
  });
  expect(after).toContain(rule);
});

test('creates the service without tasks, for CodeDeploy', () => {
  expect(service).toMatchObject({ DesiredCount: 0, DeploymentController: { Type: 'CODE_DEPLOY' } });
  const [, { Properties: deployment }] = resources.only('Custom::EcsDeployment');
  expect(deployment['InitialTaskCount']).toBe('3');
});

test('gives a task half a vCPU and 1 GiB, and replaces it after two failed checks', () => {
  const [task] = resources.properties('AWS::ECS::TaskDefinition').filter(({ Family }) => Family === 'api-task-test1');
  expect(task).toMatchObject({ Cpu: '512', Memory: '1024' });
  const [container] = task?.['ContainerDefinitions'] as { HealthCheck: unknown }[];
  expect(container?.HealthCheck).toEqual({
    Command: ['CMD', '/nodejs/bin/node', '/app/health-check.js'],
    Interval: 30,
    Retries: 2,
    StartPeriod: 60,
    Timeout: 5,
  });
});

test('turns on Container Insights', () => {
  const [, { Properties }] = resources.only('AWS::ECS::Cluster');
  expect(Properties['ClusterSettings']).toEqual([{ Name: 'containerInsights', Value: 'enabled' }]);
});

test('pages for errors, missing and unhealthy tasks, and opens a ticket for latency', () => {
  const alarms = stack.alarms.map(({ id, severity, threshold, comparison, evaluationPeriods }) => [
    id,
    severity,
    threshold,
    comparison,
    evaluationPeriods,
  ]);
  expect(alarms).toEqual([
    ['api-error-rate', 'page', 1, 'GreaterThanThreshold', 3],
    ['api-latency', 'ticket', 1, undefined, 5],
    ['api-unhealthy-hosts', 'page', 1, undefined, 5],
    ['api-tasks-missing', 'page', 3, 'LessThanThreshold', 5],
    ['api-refused-requests', 'page', 50, 'GreaterThanThreshold', 2],
  ]);
});

test('encrypts each log group with the key of the stack and keeps it for 90 days', () => {
  const groups = resources.properties('AWS::Logs::LogGroup');
  const names = groups.map(({ LogGroupName }) => LogGroupName);
  expect(names).toEqual(expect.arrayContaining(['api-log-group-test1', 'migration-log-group-test1']));
  const [key] = resources.only('AWS::KMS::Key');
  for (const { RetentionInDays, KmsKeyId } of groups)
    expect([RetentionInDays, referenceOf(KmsKeyId)]).toEqual([90, key]);
});
