import { Stack } from 'aws-cdk-lib';
import { ObservabilityStack } from '../../lib/observability/observability-stack';
import { fakeCompute, fakeData, fakeEdge, fakeNetwork } from '../support/fake-tiers';
import { referenceOf, TemplateResources } from '../support/template-resources';
import { testApp, testSettings } from '../support/test-app';

function observability(context: Record<string, unknown> = {}): TemplateResources {
  const app = testApp();
  const below = new Stack(app, 'Below', { env: { region: 'eu-south-2' } });
  return new TemplateResources(
    new ObservabilityStack(app, 'Observability', {
      settings: testSettings(context),
      network: fakeNetwork(below),
      data: fakeData(below),
      compute: fakeCompute(below),
      edge: fakeEdge(),
    }),
  );
}

const template = observability();
const [topicId] = template.only('AWS::SNS::Topic');
const alarm = (name: string) =>
  template.properties('AWS::CloudWatch::Alarm').find(({ AlarmName }) => AlarmName === `${name}-alarm-test1`);

test('notifies the topic when an alarm fires and when it ends', () => {
  const composites = template.properties('AWS::CloudWatch::CompositeAlarm');
  const composed = JSON.stringify(composites);
  const alarms = [
    ...template
      .entries('AWS::CloudWatch::Alarm')
      .flatMap(([id, { Properties }]) => (composed.includes(id) ? [] : [Properties])),
    ...composites,
  ];
  expect(alarms.length).toBeGreaterThan(2);
  for (const { AlarmActions, OKActions } of alarms) {
    expect(AlarmActions).toEqual([{ Ref: topicId }]);
    expect(OKActions).toEqual([{ Ref: topicId }]);
  }
});

test('lets CloudWatch use the key of the topic', () => {
  const [, { Properties: topic }] = template.only('AWS::SNS::Topic');
  const key = template.all[referenceOf(topic['KmsMasterKeyId']) ?? ''];
  const { Statement } = key?.Properties['KeyPolicy'] as { Statement: object[] };
  expect(Statement).toContainEqual(
    expect.objectContaining({
      Effect: 'Allow',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    }),
  );
});

test('has business alarms', () => {
  expect(alarm('payments-approval-rate')).toMatchObject({
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 50,
    DatapointsToAlarm: 1,
    TreatMissingData: 'notBreaching',
  });
  expect(alarm('outbox-lag')).toMatchObject({ Threshold: 300, ComparisonOperator: 'GreaterThanOrEqualToThreshold' });
});

test('evaluates the approval rate of 15 minutes with at least 20 payments', () => {
  const metrics = alarm('payments-approval-rate')?.['Metrics'] as {
    Expression?: string;
    MetricStat?: { Period: number };
  }[];
  expect(metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])).toEqual([900, 900]);
  expect(metrics[0]?.Expression).toMatch(/^IF\(processed >= 20, /);
});

test('reads business metrics of this environment only', () => {
  for (const [id, expected] of [
    ['payments-approval-rate', 'PaymentsProcessed'],
    ['payments-approval-rate', 'PaymentsApproved'],
    ['outbox-lag', 'OutboxLag'],
  ] as const) {
    const metrics = JSON.stringify(alarm(id)?.['Metrics']);
    expect(metrics).toContain(`"MetricName":"${expected}"`);
    expect(metrics).toContain('{"Name":"Environment","Value":"test1"}');
  }
});

test('shows queue depth, age and success rate of asynchronous payments', () => {
  const [, { Properties }] = template.only('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(Properties['DashboardBody']);
  for (const shown of [
    'ApproximateNumberOfMessagesVisible',
    'ApproximateAgeOfOldestMessage',
    'DeadLetters',
    'QueuedPaymentsFinished',
    'QueuedPaymentsFailed',
    'QueuedPaymentDuration',
    'success rate of asynchronous payments',
  ]) {
    expect(body).toContain(shown);
  }
});

test('notifies of a rolled back deployment', () => {
  const rollback = template
    .properties('AWS::CloudWatch::CompositeAlarm')
    .find(({ AlarmName }) => AlarmName === 'deployment-rollback-alarm-test1');
  expect(JSON.stringify(rollback?.['AlarmRule'])).toContain('rollback-alarm-test1');
});

test('subscribes an e-mail address if one is passed', () => {
  expect(template.entries('AWS::SNS::Subscription')).toHaveLength(0);
  const [, { Properties }] = observability({ alarmEmail: 'oncall@example.com' }).only('AWS::SNS::Subscription');
  expect(Properties).toMatchObject({ Protocol: 'email', Endpoint: 'oncall@example.com' });
});
