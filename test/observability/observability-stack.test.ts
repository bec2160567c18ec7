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

test('every alarm tells the topic that it fires, and that it is over', () => {
  const alarms = [
    ...template.properties('AWS::CloudWatch::Alarm'),
    ...template.properties('AWS::CloudWatch::CompositeAlarm'),
  ];
  expect(alarms.length).toBeGreaterThan(2);
  for (const { AlarmActions, OKActions } of alarms) {
    expect(AlarmActions).toEqual([{ Ref: topicId }]);
    expect(OKActions).toEqual([{ Ref: topicId }]);
  }
});

test('CloudWatch may use the key of the topic, or it would drop every notification silently', () => {
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

test('the business has alarms of its own', () => {
  expect(alarm('payments-approval-rate')).toMatchObject({
    ComparisonOperator: 'LessThanThreshold',
    Threshold: 50,
    DatapointsToAlarm: 1,
    TreatMissingData: 'notBreaching',
  });
  expect(alarm('outbox-lag')).toMatchObject({ Threshold: 300, ComparisonOperator: 'GreaterThanOrEqualToThreshold' });
});

test('the approval rate is one of 15 minutes with at least 20 payments', () => {
  const metrics = alarm('payments-approval-rate')?.['Metrics'] as {
    Expression?: string;
    MetricStat?: { Period: number };
  }[];
  expect(metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])).toEqual([900, 900]);
  expect(metrics[0]?.Expression).toMatch(/^IF\(processed >= 20, /);
});

test('the figures of the business are those of this environment', () => {
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

test('asynchronous payments are drawn beside their queue: how many wait, how long, how many succeed', () => {
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

test('a deployment that is turned back is told', () => {
  const [, { Properties }] = template.only('AWS::CloudWatch::CompositeAlarm');
  expect(JSON.stringify(Properties['AlarmRule'])).toContain('rollback-alarm-test1');
});

test('an address is subscribed where one is given', () => {
  expect(template.entries('AWS::SNS::Subscription')).toHaveLength(0);
  const [, { Properties }] = observability({ alarmEmail: 'oncall@example.com' }).only('AWS::SNS::Subscription');
  expect(Properties).toMatchObject({ Protocol: 'email', Endpoint: 'oncall@example.com' });
});
