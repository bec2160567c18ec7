import { LogArchive } from '../../lib/observability/log-archive';
import { referenceOf, TemplateResources } from '../support/template-resources';
import { TestStack } from '../support/test-app';

const stack = new TestStack();
const { alarms } = new LogArchive(stack, 'Archive', {
  names: stack.names,
  config: { glacierAfterDays: 90, expireAfterDays: 2557 },
  logs: { api: 'api-log-group-test1', 'payment-consumer': '/aws/lambda/payment-consumer-function-test1' },
});
const resources = new TemplateResources(stack);
const [bucketId, bucket] = resources.only('AWS::S3::Bucket');
const [streamId, stream] = resources.only('AWS::KinesisFirehose::DeliveryStream');
const destination = stream.Properties['ExtendedS3DestinationConfiguration'] as Record<string, unknown>;
const archiveKey = resources
  .entries('AWS::KMS::Alias')
  .filter(([, { Properties }]) => Properties['AliasName'] === 'alias/log-archive-key-test1')
  .map(([, { Properties }]) => referenceOf(Properties['TargetKeyId']))[0];

test('sends every line of each log group to the stream', () => {
  const filters = resources.properties('AWS::Logs::SubscriptionFilter');
  expect(filters.map(({ LogGroupName, FilterPattern }) => [LogGroupName, FilterPattern])).toEqual([
    ['api-log-group-test1', ''],
    ['/aws/lambda/payment-consumer-function-test1', ''],
  ]);
  for (const { DestinationArn } of filters) expect(referenceOf(DestinationArn)).toBe(streamId);
});

test('allows CloudWatch Logs only to put records into this stream', () => {
  expect(resources.statementsOf('log-archive-writer-role-test1')).toEqual([
    {
      Effect: 'Allow',
      Action: ['firehose:PutRecord', 'firehose:PutRecordBatch'],
      Resource: { 'Fn::GetAtt': [streamId, 'Arn'] },
    },
  ]);
});

test('allows Firehose to put objects, but not to read or delete them', () => {
  const actions = resources.statementsOf('log-archive-role-test1').flatMap(({ Action }) => Action);
  expect(actions.filter((action) => String(action).startsWith('s3:')).sort()).toEqual([
    's3:AbortMultipartUpload',
    's3:GetBucketLocation',
    's3:ListBucket',
    's3:ListBucketMultipartUploads',
    's3:PutObject',
  ]);
  const [policy] = resources
    .entries('AWS::IAM::ManagedPolicy')
    .filter(([, { Properties }]) => Properties['ManagedPolicyName'] === 'log-archive-policy-test1');
  expect(stream.DependsOn).toContain(policy?.[0]);
});

test('encrypts stream and bucket with the key of the archive', () => {
  expect(archiveKey).toBeDefined();
  const { DeliveryStreamEncryptionConfigurationInput: input } = stream.Properties;
  expect(input).toMatchObject({ KeyType: 'CUSTOMER_MANAGED_CMK' });
  expect(referenceOf((input as { KeyARN: unknown }).KeyARN)).toBe(archiveKey);
  const { KMSEncryptionConfig } = destination['EncryptionConfiguration'] as Record<string, { AWSKMSKeyARN: unknown }>;
  expect(referenceOf(KMSEncryptionConfig?.AWSKMSKeyARN)).toBe(archiveKey);
  expect(JSON.stringify(bucket.Properties['BucketEncryption'])).toContain(`"${archiveKey ?? ''}"`);
});

test('moves objects to Glacier after 90 days and deletes them after seven years', () => {
  const { Rules } = bucket.Properties['LifecycleConfiguration'] as { Rules: unknown[] };
  expect(Rules).toEqual([
    {
      Id: 'archive',
      Status: 'Enabled',
      Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 90 }],
      ExpirationInDays: 2557,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    },
  ]);
  expect(bucket.Properties['VersioningConfiguration']).toEqual({ Status: 'Enabled' });
  expect(bucket.Properties['ObjectLockEnabled']).toBeUndefined();
});

test('deletes subscriptions, then the stream, then the bucket', () => {
  const [emptying] = resources.only('Custom::S3AutoDeleteObjects');
  expect(stream.DependsOn).toEqual(expect.arrayContaining([bucketId, emptying]));
});

test('has an alarm on undelivered lines', () => {
  const [{ metric, threshold } = {}] = alarms;
  expect(threshold).toBe(3600);
  const { metricName, dimensions } = metric?.toMetricConfig().metricStat ?? {};
  expect([metricName, stack.resolve(dimensions)]).toEqual([
    'DeliveryToS3.DataFreshness',
    [{ name: 'DeliveryStreamName', value: { Ref: streamId } }],
  ]);
});
