import { App } from 'aws-cdk-lib';
import { compliancePacks } from '../../../lib/compliance/compliance-checks';
import { computeTier } from '../../support/compute-tier';
import { overrides } from '../../support/profile-overrides';
import { referenceOf, TemplateResources } from '../../support/template-resources';

const stack = computeTier(overrides({ paymentQueue: { maxReceiveCount: 7 } }));
const resources = new TemplateResources(stack);

function named(type: string, property: string, name: string) {
  const found = resources.entries(type).find(([, { Properties }]) => Properties[property] === name);
  if (!found) throw new Error(`There is no ${type} ${name}.`);
  return found;
}

const [queueId, { Properties: queue }] = named('AWS::SQS::Queue', 'QueueName', 'payment-queue-test1.fifo');
const [deadLettersId, { Properties: deadLetters }] = named(
  'AWS::SQS::Queue',
  'QueueName',
  'payment-dead-letter-queue-test1.fifo',
);
const [functionId, consumer] = named('AWS::Lambda::Function', 'FunctionName', 'payment-consumer-function-test1');
const [mappingId, { Properties: mapping }] = resources.only('AWS::Lambda::EventSourceMapping');
const [migrationId] = resources.only('Custom::SchemaMigration');
const [, deployment] = resources.only('Custom::EcsDeployment');
const keyId = referenceOf(queue['KmsMasterKeyId']) ?? '';
const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const viaSqs = { StringEquals: { 'kms:ViaService': 'sqs.eu-south-2.amazonaws.com' } };

const variables = consumer.Properties['Environment'] as { readonly Variables: Readonly<Record<string, unknown>> };

test.each([
  ['the queue', queueId, queue],
  ['its dead letters', deadLettersId, deadLetters],
])(
  '%s is FIFO per payment, encrypted under its own key, TLS only, with two weeks of retention',
  (_what, id, properties) => {
    expect(properties).toMatchObject({
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      KmsMasterKeyId: arnOf(keyId),
      MessageRetentionPeriod: 14 * 86_400,
    });
    expect(properties).not.toHaveProperty('ContentBasedDeduplication');
    expect(resources.all[keyId]?.Properties).toMatchObject({ EnableKeyRotation: true, PendingWindowInDays: 7 });
    expect(resources.all[id]).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    const policy = resources
      .properties('AWS::SQS::QueuePolicy')
      .find(({ Queues }) => JSON.stringify(Queues) === JSON.stringify([{ Ref: id }]));
    expect(policy?.['PolicyDocument']).toMatchObject({
      Statement: [
        {
          Effect: 'Deny',
          Action: 'sqs:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
  },
);

test('moves a message to the dead-letter queue after maxReceiveCount, from this queue only', () => {
  expect(queue['RedrivePolicy']).toEqual({ deadLetterTargetArn: arnOf(deadLettersId), maxReceiveCount: 7 });
  expect(variables.Variables['MAX_RECEIVE_COUNT']).toBe('7');
  expect(deadLetters['RedriveAllowPolicy']).toEqual({
    redrivePermission: 'byQueue',
    sourceQueueArns: [
      { 'Fn::Join': ['', ['arn:aws:sqs:eu-south-2:', { Ref: 'AWS::AccountId' }, ':payment-queue-test1.fifo']] },
    ],
  });
});

test('has a visibility timeout of six function timeouts', () => {
  expect(consumer.Properties['Timeout']).toBe(30);
  expect(queue['VisibilityTimeout']).toBe(180);
});

test('reports batch item failures and limits concurrent batches by the database connections', () => {
  expect(mapping).toMatchObject({
    EventSourceArn: arnOf(queueId),
    FunctionName: { Ref: functionId },
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 10 },
  });
  expect(mapping).not.toHaveProperty('MaximumBatchingWindowInSeconds');
  expect(consumer.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  expect(variables.Variables['DATABASE_POOL_SIZE']).toBe('2');
});

test('passes no secret to the consumer', () => {
  expect(variables.Variables).toMatchObject({
    ENVIRONMENT_NAME: 'test1',
    DATABASE_AUTHENTICATION: 'iam',
    DATABASE_USER: 'payments_worker',
    EVENT_QUEUE_URL: { Ref: queueId },
    DEAD_LETTER_QUEUE_URL: { Ref: deadLettersId },
  });
  expect(Object.keys(variables.Variables).filter((name) => /SECRET|PASSWORD|STRING/.test(name))).toEqual([]);
});

test('runs the consumer in the private subnets with its own security group', () => {
  const { SecurityGroupIds, SubnetIds } = consumer.Properties['VpcConfig'] as Record<string, unknown[]>;
  expect(SecurityGroupIds).toEqual(['sg-0123456789abcde2f']);
  expect(SubnetIds).toHaveLength(3);
});

test('allows the consumer only to receive, to send dead letters and to connect as its own login', () => {
  const [groupId] = named('AWS::Logs::LogGroup', 'LogGroupName', '/aws/lambda/payment-consumer-function-test1');
  const allow = (Action: string | string[], Resource: unknown, Condition?: object) => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...(Condition && { Condition }),
  });
  const granted = resources.statementsOf('payment-consumer-role-test1');
  // For Lambda, which makes the network interfaces; the code is denied them.
  expect(granted.filter(({ Action }) => [Action].flat()[0]?.startsWith('ec2:')).at(-1)).toMatchObject({
    Effect: 'Deny',
    Condition: { ArnEquals: { 'lambda:SourceFunctionArn': expect.anything() as unknown } },
  });
  expect(granted.filter(({ Action }) => ![Action].flat()[0]?.startsWith('ec2:'))).toEqual([
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], arnOf(groupId)),
    allow('rds-db:connect', 'arn:aws:rds-db:eu-south-2:111122223333:dbuser:cluster-FAKE/payments_worker'),
    allow('sqs:SendMessage', arnOf(deadLettersId)),
    allow(['kms:Decrypt', 'kms:GenerateDataKey'], arnOf(keyId), viaSqs),
    allow(
      [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
      ],
      arnOf(queueId),
    ),
    allow('kms:Decrypt', arnOf(keyId)),
  ]);
});

test('allows the API only to send to the queue', () => {
  const [task] = resources
    .properties('AWS::ECS::TaskDefinition')
    .filter(({ Family }) => Family === 'api-task-test1')
    .flatMap(({ ContainerDefinitions }) => ContainerDefinitions as { Environment: unknown }[]);
  expect(task?.Environment).toContainEqual({ Name: 'EVENT_QUEUE_URL', Value: { Ref: queueId } });
  const granted = resources
    .statementsOf('api-task-role-test1')
    .filter(({ Effect, Action }) => Effect === 'Allow' && /sqs:|kms:/.test(JSON.stringify(Action)));
  expect(granted).toEqual([
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arnOf(queueId) },
    { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: arnOf(keyId), Condition: viaSqs },
  ]);
});

test('updates the consumer after the migrations and before the tasks', () => {
  expect(consumer.DependsOn).toContain(migrationId);
  expect(deployment.DependsOn).toEqual(expect.arrayContaining([migrationId, functionId, mappingId]));
});

test('has alarms on dead letters, old events and consumer errors', () => {
  const alarms = stack.alarms.filter(({ id }) => id.startsWith('payment-'));
  expect(alarms.map(({ id, severity, threshold }) => [id, severity, threshold])).toEqual([
    ['payment-dead-letters', 'page', 1],
    ['payment-queue-age', 'page', 600],
    ['payment-consumer-errors', 'ticket', 1],
  ]);
  const metricOf = (index: number) => stack.resolve(alarms[index]?.metric.toMetricConfig().metricStat) as object;
  expect(metricOf(0)).toMatchObject({
    metricName: 'ApproximateNumberOfMessagesVisible',
    statistic: 'Maximum',
    dimensions: [{ name: 'QueueName', value: { 'Fn::GetAtt': [deadLettersId, 'QueueName'] } }],
  });
  expect(metricOf(1)).toMatchObject({
    metricName: 'ApproximateAgeOfOldestMessage',
    dimensions: [{ name: 'QueueName', value: { 'Fn::GetAtt': [queueId, 'QueueName'] } }],
  });
  expect(metricOf(2)).toMatchObject({ metricName: 'Errors', dimensions: [{ value: { Ref: functionId } }] });
});

test('has outputs of both queues for a redrive', () => {
  resources.template.hasOutput('PaymentQueueUrl', { Value: { Ref: queueId } });
  resources.template.hasOutput('PaymentDeadLetterQueueUrl', { Value: { Ref: deadLettersId } });
});

test('has no finding of either rule pack', () => {
  const { root } = stack.node;
  if (!(root instanceof App)) throw new Error('A test stack has no app.');
  const found = compliancePacks(root)
    .flatMap((pack) => pack.validateScope(stack).violations)
    .flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath ?? '?'}`),
    );
  expect(found.filter((finding) => finding.includes('Payment'))).toEqual([]);
});

test('creates no queue in other profiles, where the API processes events itself', () => {
  const without = new TemplateResources(computeTier());
  for (const type of ['AWS::SQS::Queue', 'AWS::Lambda::EventSourceMapping']) expect(without.entries(type)).toEqual([]);
  expect(JSON.stringify(without.all)).not.toContain('EVENT_QUEUE_URL');
});
