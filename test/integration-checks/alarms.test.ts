import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { alarmProblems, computeAlarmProblems, readAlarms } from '../integration/checks/alarms';
import { StackResources } from '../integration/stack-resources';

const cloudWatch = mockClient(CloudWatchClient);
const client = new CloudWatchClient({});
const stack = new StackResources([
  ['AWS::CloudWatch::Alarm', 'alarm-1'],
  ['AWS::CloudWatch::CompositeAlarm', 'arn:aws:cloudwatch:eu-south-2:111122223333:alarm:composite-1'],
]);

beforeEach(() => {
  cloudWatch.reset();
});

const wired = { ActionsEnabled: true, AlarmActions: ['topic-1'] };

async function found(change: MetricAlarm) {
  cloudWatch.on(DescribeAlarmsCommand, { AlarmNames: ['alarm-1', 'composite-1'] }).resolves({
    MetricAlarms: [{ AlarmName: 'alarm-1', ...wired, ...change }],
    CompositeAlarms: [{ AlarmName: 'composite-1', ...wired }],
  });
  return alarmProblems(await readAlarms(client, stack), 'topic-1');
}

test.each<[string[], MetricAlarm]>([
  [[], {}],
  [['alarm-1 does not notify topic-1'], { AlarmActions: [] }],
  [['alarm-1 does not notify topic-1'], { AlarmActions: ['topic-2'] }],
  [['the actions of alarm-1 are switched off'], { ActionsEnabled: false }],
  [['the alarm alarm-1 is missing'], { AlarmName: 'alarm-2' }],
])('an alarm: %j', async (problems, change) => {
  await expect(found(change)).resolves.toEqual(problems);
});

test('reports a composite alarm without actions', async () => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({
    MetricAlarms: [{ AlarmName: 'alarm-1', ...wired }],
    CompositeAlarms: [{ AlarmName: 'composite-1', ...wired, AlarmActions: [] }],
  });
  expect(alarmProblems(await readAlarms(client, stack), 'topic-1')).toEqual(['composite-1 does not notify topic-1']);
});

test('accepts an alarm without actions that a composite alarm of its stack evaluates, by its whole name', async () => {
  const report = async (AlarmRule: string) => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({
      MetricAlarms: [{ AlarmName: 'alarm-1', ActionsEnabled: true }],
      CompositeAlarms: [{ AlarmName: 'composite-1', ...wired, AlarmRule }],
    });
    return alarmProblems(await readAlarms(client, stack), 'topic-1');
  };
  const rule = (name: string) => `(ALARM("arn:aws:cloudwatch:eu-south-2:111122223333:alarm:${name}"))`;
  expect(await report(rule('alarm-1'))).toEqual([]);
  expect(await report(rule('alarm-12'))).toEqual(['alarm-1 does not notify topic-1']);
});

test('requests no alarms for a stack without alarms', async () => {
  expect(await readAlarms(client, new StackResources([]))).toEqual({ expected: [], metric: [], composite: [] });
  expect(cloudWatch.calls()).toHaveLength(0);
});

test('requires an action of each compute alarm or a composite alarm', () => {
  const composite = [{ AlarmRule: '(ALARM("arn:aws:cloudwatch:eu-south-2:111122223333:alarm:alarm-1"))' }];
  const found = (metric: MetricAlarm[], rules: readonly { AlarmRule: string }[]) =>
    computeAlarmProblems({ expected: ['alarm-1'], metric, composite: [] }, rules, 'topic-1');
  const silent = 'alarm-1 notifies neither topic-1 nor a composite alarm, and scales nothing';
  expect(found([{ AlarmName: 'alarm-1' }], composite)).toEqual([]);
  expect(found([{ AlarmName: 'alarm-1', AlarmActions: ['topic-1'] }], [])).toEqual([]);
  const policy = 'arn:aws:autoscaling:eu-south-2:111122223333:scalingPolicy:1:resource/ecs/service/c/s:policyName/p';
  expect(found([{ AlarmName: 'alarm-1', AlarmActions: [policy] }], [])).toEqual([]);
  expect(found([{ AlarmName: 'alarm-1' }], [{ AlarmRule: 'FALSE' }])).toEqual([silent]);
  expect(found([{ AlarmName: 'alarm-1', AlarmActions: ['topic-2'] }], [])).toEqual([silent]);
  expect(found([], composite)).toEqual(['the alarm alarm-1 is missing']);
});
