import type { TrafficShiftConfig } from '../../../lib/config/deployment-profile';
import { computeTier, ownDomain } from '../../support/compute-tier';
import { overrides } from '../../support/profile-overrides';
import { referenceOf, TemplateResources } from '../../support/template-resources';

const stack = computeTier(ownDomain);
const resources = new TemplateResources(stack);
const [, { Properties: group }] = resources.only('AWS::CodeDeploy::DeploymentGroup');

/** Logical id of the one resource of a type. */
const idOf = (type: string) => resources.only(type)[0];

const rollbackAlarms = resources
  .entries('AWS::CloudWatch::Alarm')
  .filter(([, { Properties }]) => String(Properties['AlarmName']).startsWith('rollback-'));

/** The tier of a profile that deploys otherwise. */
const deployedBy = (deployment: object) => computeTier({ ...ownDomain, ...overrides({ deployment }) });

test('rolls a deployment back when it fails, is stopped or an alarm fires', () => {
  expect(group['AutoRollbackConfiguration']).toEqual({
    Enabled: true,
    Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
  });
  const alarms = rollbackAlarms.map(([id]) => ({ Name: { Ref: id } }));
  expect(alarms).toHaveLength(3);
  expect(group['AlarmConfiguration']).toEqual({ Enabled: true, Alarms: alarms });
});

test('has alarms on failed requests, unhealthy targets of blue and green, and latency', () => {
  const alarms = rollbackAlarms.map(([, { Properties: alarm }]) => [
    alarm['AlarmName'],
    alarm['Threshold'],
    alarm['DatapointsToAlarm'] ?? alarm['EvaluationPeriods'],
    alarm['ComparisonOperator'],
    alarm['TreatMissingData'],
  ]);
  const common = ['GreaterThanOrEqualToThreshold', 'notBreaching'];
  expect(alarms).toEqual([
    ['rollback-server-errors-alarm-test1', 1, 2, ...common],
    ['rollback-unhealthy-hosts-alarm-test1', 1, 3, ...common],
    ['rollback-latency-alarm-test1', 1, 3, ...common],
  ]);
  const metricsOf = (name: string) =>
    resources.properties('AWS::CloudWatch::Alarm').find(({ AlarmName }) => AlarmName === name);
  expect(metricsOf('rollback-latency-alarm-test1')).toMatchObject({
    MetricName: 'TargetResponseTime',
    ExtendedStatistic: 'p99',
  });
  const unhealthy = JSON.stringify(metricsOf('rollback-unhealthy-hosts-alarm-test1'));
  expect(unhealthy).toContain('"Expression":"FILL(unhealthy0, 0) + FILL(unhealthy1, 0)"');
  const colours = resources.entries('AWS::ElasticLoadBalancingV2::TargetGroup').map(([id]) => id);
  for (const id of colours) expect(unhealthy).toContain(`{"Fn::GetAtt":["${id}","TargetGroupFullName"]}`);
  const errors = JSON.stringify(metricsOf('rollback-server-errors-alarm-test1'));
  for (const name of ['HTTPCode_Target_5XX_Count', 'HTTPCode_ELB_5XX_Count']) {
    expect(errors).toContain(`"MetricName":"${name}"`);
  }
});

test('shifts traffic on the listener and terminates blue after five minutes', () => {
  const groups = resources.entries('AWS::ElasticLoadBalancingV2::TargetGroup').map(([id]) => id);
  expect(groups).toHaveLength(2);
  expect(group['LoadBalancerInfo']).toEqual({
    TargetGroupPairInfoList: [
      {
        ProdTrafficRoute: { ListenerArns: [{ Ref: idOf('AWS::ElasticLoadBalancingV2::Listener') }] },
        TargetGroups: groups.map((id) => ({ Name: { 'Fn::GetAtt': [id, 'TargetGroupName'] } })),
      },
    ],
  });
  expect(group['BlueGreenDeploymentConfiguration']).toMatchObject({
    TerminateBlueInstancesOnDeploymentSuccess: { Action: 'TERMINATE', TerminationWaitTimeInMinutes: 5 },
    DeploymentReadyOption: { ActionOnTimeout: 'CONTINUE_DEPLOYMENT' },
  });
});

test('shifts 10 % of the traffic five minutes before the rest', () => {
  const [config, { Properties }] = resources.only('AWS::CodeDeploy::DeploymentConfig');
  expect(referenceOf(group['DeploymentConfigName'])).toBe(config);
  expect(Properties['TrafficRoutingConfig']).toEqual({
    Type: 'TimeBasedCanary',
    TimeBasedCanary: { CanaryPercentage: 10, CanaryInterval: 5 },
  });
});

test.each<[TrafficShiftConfig, object]>([
  [{ kind: 'all-at-once' }, { Type: 'AllAtOnce' }],
  [
    { kind: 'linear', stepPercent: 20, stepMinutes: 2 },
    { Type: 'TimeBasedLinear', TimeBasedLinear: { LinearPercentage: 20, LinearInterval: 2 } },
  ],
])('shifts traffic as %j', (trafficShift, routing) => {
  const other = new TemplateResources(deployedBy({ trafficShift }));
  expect(other.only('AWS::CodeDeploy::DeploymentConfig')[1].Properties['TrafficRoutingConfig']).toEqual(routing);
});

test('gives another traffic shift a deployment configuration with another name', () => {
  const nameWith = (trafficShift: TrafficShiftConfig) =>
    new TemplateResources(deployedBy({ trafficShift })).only('AWS::CodeDeploy::DeploymentConfig')[1].Properties[
      'DeploymentConfigName'
    ];
  const names = [
    nameWith({ kind: 'all-at-once' }),
    nameWith({ kind: 'canary', firstPercent: 10, bakeMinutes: 6 }),
    nameWith({ kind: 'canary', firstPercent: 11, bakeMinutes: 5 }),
    nameWith({ kind: 'linear', stepPercent: 50, stepMinutes: 10 }),
  ];
  expect(names).toEqual([
    'all-at-once-deployment-config-test1',
    'canary-10-percent-6-minutes-deployment-config-test1',
    'canary-11-percent-5-minutes-deployment-config-test1',
    'linear-50-percent-10-minutes-deployment-config-test1',
  ]);
  expect(nameWith({ kind: 'all-at-once' })).toBe(names[0]);
});
