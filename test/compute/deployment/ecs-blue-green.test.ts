import type { TrafficShiftConfig } from '../../../lib/config/deployment-profile';
import { computeTier, ownDomain } from '../../support/compute-tier';
import { DependencyGraph } from '../../support/dependency-graph';
import { overrides } from '../../support/profile-overrides';
import { policiesOf } from '../../support/role-policies';
import { TemplateResources } from '../../support/template-resources';

const canary: TrafficShiftConfig = { kind: 'canary', firstPercent: 10, bakeMinutes: 5 };
const deployedWith = (trafficShift: TrafficShiftConfig, context: Record<string, unknown> = {}, more: object = {}) =>
  new TemplateResources(
    computeTier({
      ...ownDomain,
      ...overrides({ deployment: { kind: 'ecs-blue-green', trafficShift }, ...more }),
      ...context,
    }),
  );

const resources = deployedWith(canary);
const graph = new DependencyGraph(resources);
const [serviceId, { Properties: service }] = resources.only('AWS::ECS::Service');
const configuration = service['DeploymentConfiguration'] as Readonly<Record<string, unknown>>;

/** Logical id of the one resource of a type. */
const idOf = (type: string) => resources.only(type)[0];
/** Logical id of the one resource of a type with a name. */
const named = (type: string, property: string, name: string) => {
  const [id] = resources.entries(type).find(([, { Properties }]) => Properties[property] === name) ?? [];
  if (id === undefined) throw new Error(`No ${type} is named ${name}.`);
  return id;
};
const groups = ['blue', 'green'].map((colour) => ({
  Ref: named('AWS::ElasticLoadBalancingV2::TargetGroup', 'Name', `${colour}-target-group-test1`),
}));
const role = (purpose: string) => named('AWS::IAM::Role', 'RoleName', `${purpose}-role-test1`);

test('ECS deploys, without CodeDeploy and without a step of the stack', () => {
  expect(service['DeploymentController']).toEqual({ Type: 'ECS' });
  const types = new Set(Object.values(resources.all).map(({ Type }) => Type));
  expect([...types].filter((type) => type.startsWith('AWS::CodeDeploy') || type === 'Custom::EcsDeployment')).toEqual(
    [],
  );
  expect(types).not.toContain('Custom::SchemaMigration');
});

test.each<[TrafficShiftConfig, object]>([
  [{ kind: 'all-at-once' }, { Strategy: 'BLUE_GREEN' }],
  [canary, { Strategy: 'CANARY', CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 5 } }],
  [
    { kind: 'linear', stepPercent: 20, stepMinutes: 2 },
    { Strategy: 'LINEAR', LinearConfiguration: { StepPercent: 20, StepBakeTimeInMinutes: 2 } },
  ],
])('traffic moves as %j', (trafficShift, expected) => {
  const [, { Properties }] = deployedWith(trafficShift).only('AWS::ECS::Service');
  const { Strategy, CanaryConfiguration, LinearConfiguration } = Properties['DeploymentConfiguration'] as Record<
    string,
    unknown
  >;
  expect({ Strategy, CanaryConfiguration, LinearConfiguration }).toEqual(expected);
});

test('blue stays up for five minutes, and as long as the profile says', () => {
  expect(configuration['BakeTimeInMinutes']).toBe(5);
  const longer = overrides({ deployment: { kind: 'ecs-blue-green', trafficShift: canary, bakeMinutes: 30 } });
  const [, { Properties }] = new TemplateResources(computeTier({ ...ownDomain, ...longer })).only('AWS::ECS::Service');
  expect(Properties['DeploymentConfiguration']).toMatchObject({ BakeTimeInMinutes: 30 });
});

test('a deployment is rolled back when an alarm fires or tasks do not start', () => {
  const alarms = resources
    .properties('AWS::CloudWatch::Alarm')
    .map(({ AlarmName }) => AlarmName as string)
    .filter((name) => name.startsWith('rollback-'));
  expect(alarms).toHaveLength(3);
  const { AlarmNames, ...others } = configuration['Alarms'] as { AlarmNames: string[] };
  expect([...AlarmNames].sort()).toEqual([...alarms].sort());
  expect(others).toEqual({ Enable: true, Rollback: true });
  expect(configuration['DeploymentCircuitBreaker']).toEqual({ Enable: true, Rollback: true });
  for (const name of alarms) {
    expect([...graph.before(serviceId)]).toContain(named('AWS::CloudWatch::Alarm', 'AlarmName', name));
  }
});

test('tasks register with blue and green, and ECS moves the rule of the API', () => {
  expect(service['LoadBalancers']).toEqual([
    {
      ContainerName: 'api',
      ContainerPort: 3000,
      TargetGroupArn: groups[0],
      AdvancedConfiguration: {
        AlternateTargetGroupArn: groups[1],
        ProductionListenerRule: { Ref: idOf('AWS::ElasticLoadBalancingV2::ListenerRule') },
        RoleArn: { 'Fn::GetAtt': [role('ecs-load-balancer'), 'Arn'] },
      },
    },
  ]);
});

test('ECS may register tasks with these groups, move this rule and this listener, and change nothing else', () => {
  const allow = (Action: string | string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
  const elb = (name: string) => `elasticloadbalancing:${name}`;
  expect(resources.statementsOf('ecs-load-balancer-role-test1')).toEqual([
    allow([elb('DeregisterTargets'), elb('RegisterTargets')], groups),
    allow(elb('ModifyListener'), { Ref: idOf('AWS::ElasticLoadBalancingV2::Listener') }),
    allow(elb('ModifyRule'), { 'Fn::GetAtt': [idOf('AWS::ElasticLoadBalancingV2::ListenerRule'), 'RuleArn'] }),
    allow(['DescribeListeners', 'DescribeRules', 'DescribeTargetGroups', 'DescribeTargetHealth'].map(elb), '*'),
  ]);
  expect(resources.all[role('ecs-load-balancer')]?.Properties['ManagedPolicyArns']).toBeUndefined();
});

describe('the schema migrations', () => {
  const hook = named('AWS::Lambda::Function', 'FunctionName', 'migration-hook-function-test1');
  const migration = named('AWS::ECS::TaskDefinition', 'Family', 'migration-task-test1');

  test('run before the tasks of a new revision start', () => {
    expect(configuration['LifecycleHooks']).toEqual([
      {
        HookTargetArn: { 'Fn::GetAtt': [hook, 'Arn'] },
        RoleArn: { 'Fn::GetAtt': [role('ecs-lifecycle-hook'), 'Arn'] },
        LifecycleStages: ['PRE_SCALE_UP'],
      },
    ]);
    expect(resources.statementsOf('ecs-lifecycle-hook-role-test1')).toEqual([
      { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: { 'Fn::GetAtt': [hook, 'Arn'] } },
    ]);
  });

  test('are those of the new image, because the hook is updated before the service', () => {
    const environment = JSON.stringify(resources.all[hook]?.Properties['Environment']);
    expect(environment).toContain(`{"Ref":"${migration}"}`);
    expect([...graph.before(serviceId)]).toEqual(expect.arrayContaining([hook, migration]));
  });

  test('have their rights, and the tasks theirs, before the service is created', () => {
    const roles = ['migration-hook', 'migration-task', 'migration-execution', 'api-task', 'api-execution'];
    const policies = roles.flatMap((purpose) => policiesOf(resources, role(purpose)));
    expect(policies).toHaveLength(roles.length);
    expect([...graph.before(serviceId)]).toEqual(expect.arrayContaining(policies));
  });
});

describe('the number of tasks', () => {
  test('is not in the template, so that no update undoes what the load has asked for', () => {
    expect(service).not.toHaveProperty('DesiredCount');
  });

  test('follows the load once the first task runs', () => {
    for (const type of ['ScalableTarget', 'ScalingPolicy']) {
      const entries = resources.entries(`AWS::ApplicationAutoScaling::${type}`);
      expect(entries.length).toBeGreaterThan(0);
      for (const [id] of entries) expect([...graph.before(id)]).toContain(serviceId);
    }
  });
});

describe('a second deployment', () => {
  const changedBy = (next: TemplateResources) =>
    [...new Set([...Object.keys(resources.all), ...Object.keys(next.all)])].filter(
      (id) => JSON.stringify(resources.all[id]) !== JSON.stringify(next.all[id]),
    );

  test('of another image changes the two task definitions, which the service and the hook refer to', () => {
    const next = deployedWith(canary, { imageTag: '1.1.0' });
    const definitions = next.entries('AWS::ECS::TaskDefinition').map(([id]) => id);
    expect(changedBy(next).sort()).toEqual([...definitions].sort());
    expect(service['TaskDefinition']).toEqual({ Ref: named('AWS::ECS::TaskDefinition', 'Family', 'api-task-test1') });
  });

  test('of something else leaves the service and the listener rule as they are', () => {
    const next = deployedWith(canary, {}, { observability: { logRetentionDays: 30 } });
    const types = changedBy(next).map((id) => next.all[id]?.Type);
    expect(types).toContain('AWS::Logs::LogGroup');
    expect(types.filter((type) => /ECS::Service|ElasticLoadBalancingV2|Custom::/.test(type ?? ''))).toEqual([]);
  });

  test.each([
    ['origin secret', { originSecretGeneration: 2 }],
    ['tag of the profile', { tags: { CostCenter: 'other', Environment: 'production', ManagedBy: 'cdk' } }],
  ])('of another %s, which updates the listener rule, restores its weights before the service', (_, patch) => {
    const next = deployedWith(canary, {}, patch);
    const traffic = idOf('Custom::ListenerTraffic');
    const rule = idOf('AWS::ElasticLoadBalancingV2::ListenerRule');
    expect(changedBy(next)).toEqual(expect.arrayContaining([rule, traffic]));
    expect([...graph.before(traffic)]).toContain(rule);
    expect([...graph.before(traffic)]).not.toContain(serviceId);
    expect([...graph.before(serviceId)]).toContain(traffic);
  });
});

test('the function that follows ECS reads this service and changes this rule only', () => {
  const arn = (type: string, after: string) => ({
    'Fn::Join': [
      '',
      [
        'arn:aws:ecs:eu-south-2:',
        { Ref: 'AWS::AccountId' },
        `:${type}/`,
        { Ref: idOf('AWS::ECS::Cluster') },
        `/api-service-test1${after}`,
      ],
    ],
  });
  const allow = (Action: string, Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
  const statements = resources
    .statementsOf('listener-traffic-role-test1')
    .filter(({ Action }) => ![Action].flat().some((action) => String(action).startsWith('logs:')));
  expect(statements).toEqual([
    allow('ecs:DescribeServices', arn('service', '')),
    allow('ecs:DescribeServiceRevisions', [arn('service-revision', '/*'), arn('service', '')]),
    allow('ecs:DescribeServiceDeployments', [arn('service-deployment', '/*'), arn('service', '')]),
    allow('elasticloadbalancing:ModifyRule', {
      'Fn::GetAtt': [idOf('AWS::ElasticLoadBalancingV2::ListenerRule'), 'RuleArn'],
    }),
    allow('elasticloadbalancing:DescribeRules', '*'),
  ]);
});
