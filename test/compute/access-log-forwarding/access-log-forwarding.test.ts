import { App } from 'aws-cdk-lib';
import { AccessLogBucket } from '../../../lib/constructs/access-log-bucket';
import { AccessLogForwarding } from '../../../lib/compute/access-log-forwarding/access-log-forwarding';
import { compliancePacks } from '../../../lib/compliance/compliance-checks';
import { createAlarm } from '../../../lib/constructs/alarm-definition';
import { referenceOf, TemplateResources, type TemplateStatement } from '../../support/template-resources';
import { TestStack } from '../../support/test-app';

const stack = new TestStack();
const { names } = stack;
const albLogs = { purpose: 'alb-logs', writer: 'Elastic Load Balancing', retentionDays: 90 } as const;
const bucket = new AccessLogBucket(stack, 'AccessLogs', { names, ...albLogs });
const forwarding = new AccessLogForwarding(stack, 'Forwarding', { names, bucket });
for (const definition of forwarding.alarms) createAlarm(stack, definition, names, undefined);
const resources = new TemplateResources(stack);

const [bucketId, { Properties: bucketProperties }] = resources.only('AWS::S3::Bucket');
const [queueId, { Properties: queue }] = resources.only('AWS::SQS::Queue');
const [ruleId, rule] = resources.only('AWS::Events::Rule');
const [functionId, lambda] = named('AWS::Lambda::Function', 'FunctionName', 'access-log-forwarding-function-test1');
const [groupId, { Properties: group }] = named('AWS::Logs::LogGroup', 'LogGroupName', 'alb-access-log-group-test1');
const keyId = referenceOf(queue['KmsMasterKeyId']) ?? '';
const ruleArn = {
  'Fn::Join': ['', ['arn:aws:events:eu-south-2:', { Ref: 'AWS::AccountId' }, ':rule/access-log-forwarding-rule-test1']],
};

function named(type: string, property: string, name: string) {
  const found = resources.entries(type).find(([, { Properties }]) => Properties[property] === name);
  if (!found) throw new Error(`There is no ${type} ${name}.`);
  return found;
}

function statementsIn(policy: unknown): TemplateStatement[] {
  return (policy as { Statement: TemplateStatement[] }).Statement;
}

test('declares an encrypted log group with the retention of the profile', () => {
  expect(group).toMatchObject({ RetentionInDays: 90, KmsKeyId: expect.anything() as unknown });
  expect(lambda.Properties['Environment']).toEqual({
    Variables: { LOG_GROUP_NAME: { Ref: groupId }, ENVIRONMENT_NAME: 'test1' },
  });
});

test("turns on EventBridge notifications without CDK's notifications function", () => {
  expect(bucketProperties['NotificationConfiguration']).toEqual({
    EventBridgeConfiguration: { EventBridgeEnabled: true },
  });
  resources.template.resourceCountIs('Custom::S3BucketNotifications', 0);
});

test('leaves EventBridge notifications off without forwarding', () => {
  const other = new TestStack();
  new AccessLogBucket(other, 'AccessLogs', { names: other.names, ...albLogs });
  const [, { Properties }] = new TemplateResources(other).only('AWS::S3::Bucket');
  expect(Properties).not.toHaveProperty('NotificationConfiguration');
});

test('invokes the function only for complete log files of this bucket', () => {
  expect(rule.Properties).toMatchObject({
    Name: 'access-log-forwarding-rule-test1',
    State: 'ENABLED',
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created'],
      detail: { bucket: { name: [{ Ref: bucketId }] }, object: { key: [{ suffix: '.log.gz' }] } },
    },
    Targets: [
      {
        Arn: { 'Fn::GetAtt': [functionId, 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queueId, 'Arn'] } },
        RetryPolicy: { MaximumRetryAttempts: 8, MaximumEventAgeInSeconds: 21_600 },
      },
    ],
  });
  const [, { Properties: permission }] = resources.only('AWS::Lambda::Permission');
  expect(permission).toMatchObject({
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [ruleId, 'Arn'] },
  });
});

test('sends the event to the dead-letter queue after three attempts', () => {
  const [, { Properties }] = resources.only('AWS::Lambda::EventInvokeConfig');
  expect(Properties).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 21_600 });
  expect(Properties).not.toHaveProperty('DestinationConfig');
  expect(lambda.Properties['DeadLetterConfig']).toEqual({ TargetArn: { 'Fn::GetAtt': [queueId, 'Arn'] } });
});

test('allows the function only to read log files, write this log group and send dead letters', () => {
  const statements = resources.statementsOf('access-log-forwarding-role-test1');
  const [ownGroup] = named('AWS::Logs::LogGroup', 'LogGroupName', '/aws/lambda/access-log-forwarding-function-test1');
  const allow = (Action: string | string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
  const files = [
    '',
    [{ 'Fn::GetAtt': [bucketId, 'Arn'] }, '/AWSLogs/', { Ref: 'AWS::AccountId' }, '/elasticloadbalancing/*'],
  ];
  expect(statements).toEqual([
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], { 'Fn::GetAtt': [ownGroup, 'Arn'] }),
    allow('s3:GetObject', { 'Fn::Join': files }),
    allow(['logs:CreateLogStream', 'logs:GetLogEvents', 'logs:PutLogEvents'], { 'Fn::GetAtt': [groupId, 'Arn'] }),
    allow('sqs:SendMessage', { 'Fn::GetAtt': [queueId, 'Arn'] }),
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], { 'Fn::GetAtt': [keyId, 'Arn'] }),
  ]);
});

test('encrypts dead letters, requires TLS and keeps them for two weeks', () => {
  expect(queue).toMatchObject({
    QueueName: 'access-log-forwarding-dead-letter-queue-test1',
    MessageRetentionPeriod: 14 * 86_400,
    KmsMasterKeyId: { 'Fn::GetAtt': [keyId, 'Arn'] },
  });
  const [, { Properties }] = resources.only('AWS::SQS::QueuePolicy');
  const [withoutTls, ofRule] = statementsIn(Properties['PolicyDocument']);
  expect(withoutTls).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  expect(ofRule).toMatchObject({
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Condition: { ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [ruleId, 'Arn'] } } },
  });
});

test('lets EventBridge encrypt undeliverable events of this rule', () => {
  const statements = statementsIn(resources.all[keyId]?.Properties['KeyPolicy']);
  expect(statements.find(({ Sid }) => Sid === 'UndeliverableEventsMayBeEncrypted')).toEqual({
    Sid: 'UndeliverableEventsMayBeEncrypted',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
    Resource: '*',
    Condition: {
      ArnEquals: { 'aws:SourceArn': ruleArn },
      StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    },
  });
  expect(rule.Properties['Name']).toBe('access-log-forwarding-rule-test1');
});

test('deletes rule and function before emptying the bucket, and the log group after them', () => {
  const [emptying] = resources.only('Custom::S3AutoDeleteObjects');
  expect(lambda.DependsOn).toEqual(expect.arrayContaining([bucketId, emptying]));
  expect(JSON.stringify(rule.Properties['Targets'])).toContain(functionId);
  expect(JSON.stringify(lambda.Properties)).toContain(`{"Ref":"${groupId}"}`);
});

test('opens a ticket for each file or line that is lost', () => {
  const [, { Properties }] = resources.only('AWS::CloudWatch::Alarm');
  expect(Properties).toMatchObject({
    AlarmName: 'access-log-forwarding-alarm-test1',
    AlarmDescription: expect.stringContaining('Severity: ticket.') as string,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
  const metrics = Properties['Metrics'] as { Id: string; Expression?: string; MetricStat?: { Metric: unknown } }[];
  const metric = (Namespace: string, MetricName: string, Name: string, Value: unknown) => ({
    Namespace,
    MetricName,
    Dimensions: [{ Name, Value }],
  });
  expect(metrics.map(({ Id, Expression, MetricStat }) => [Id, Expression ?? MetricStat?.Metric])).toEqual([
    [expect.any(String), 'FILL(files, 0) + FILL(lines, 0) + FILL(lost, 0)'],
    [
      'files',
      metric('AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', { 'Fn::GetAtt': [queueId, 'QueueName'] }),
    ],
    ['lines', metric('PaymentPlatform', 'AccessLogLinesLeftOut', 'Environment', 'test1')],
    ['lost', metric('AWS/Lambda', 'DeadLetterErrors', 'FunctionName', 'access-log-forwarding-function-test1')],
  ]);
});

test('has no finding of either rule pack', () => {
  const { root } = stack.node;
  if (!(root instanceof App)) throw new Error('A test stack has no app.');
  const found = compliancePacks(root)
    .flatMap((pack) => pack.validateScope(stack).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath ?? '?'}`),
    );
  expect(found).toEqual([]);
});
