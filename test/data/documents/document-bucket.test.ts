import { isDeepStrictEqual } from 'node:util';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib';
import { DataStack } from '../../../lib/data/data-stack';
import { DocumentReplicaStack } from '../../../lib/data/documents/document-replica-stack';
import { fakeNetwork } from '../../support/fake-tiers';
import { profileContexts } from '../../support/profile-contexts';
import { overrides } from '../../support/profile-overrides';
import {
  referenceOf,
  type TemplateResource,
  TemplateResources,
  type TemplateStatement,
} from '../../support/template-resources';
import { testApp, testSettings } from '../../support/test-app';

const config = { replicaRegion: 'eu-west-1', archiveAfterDays: 90, expireAfterDays: 2557 };

/** The data tier and its satellite, with a role that uses the documents. */
function synthesized(context: Readonly<Record<string, string>> = {}) {
  const app = testApp();
  const settings = testSettings({ ...context, ...overrides({ documents: config }) });
  const below = new Stack(app, 'Below', { env: { region: 'eu-south-2' } });
  const replica = new DocumentReplicaStack(app, 'Replica', { settings, config });
  const data = new DataStack(app, 'Data', { settings, network: fakeNetwork(below), replica });
  const user = new Role(below, 'User', {
    roleName: 'user',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  data.documents?.grantUse(user);
  return {
    documents: data.documents,
    data: new TemplateResources(data),
    replica: new TemplateResources(replica),
    below: new TemplateResources(below),
  };
}

const { documents, data, replica, below } = synthesized();
const account = { Ref: 'AWS::AccountId' };
const arnOf = (name: string, objects = '') => ({
  'Fn::Join': ['', [`arn:aws:s3:::${name}-`, account, ...(objects === '' ? [] : [objects])]],
});
const source = 'documents-bucket-test1';
const destination = 'documents-replica-bucket-test1';

function bucketNamed(from: TemplateResources, name: string): [id: string, resource: TemplateResource] {
  const found = from
    .entries('AWS::S3::Bucket')
    .find(([, { Properties }]) => JSON.stringify(Properties['BucketName']).includes(`"${name}-"`));
  if (!found) throw new Error(`There is no bucket ${name}.`);
  return found;
}
const [sourceId, { Properties: bucket }] = bucketNamed(data, source);
const [, { Properties: copy }] = bucketNamed(replica, destination);

/** The id of the key that is known by this alias. */
function keyOf(from: TemplateResources, alias: string): string {
  const found = from.properties('AWS::KMS::Alias').find(({ AliasName }) => AliasName === alias);
  return referenceOf(found?.['TargetKeyId']) ?? '';
}
const sourceKey = { 'Fn::GetAtt': [keyOf(data, 'alias/documents-key-test1'), 'Arn'] };
const replicaKey = {
  'Fn::GetStackOutput': {
    StackName: 'replica-stack-test1',
    Region: 'eu-west-1',
    OutputName: expect.stringContaining(keyOf(replica, 'alias/documents-replica-key-test1')) as string,
  },
};

describe.each([
  ['documents', data, bucket, 'alias/documents-key-test1'],
  ['their replica', replica, copy, 'alias/documents-replica-key-test1'],
] as const)('%s', (_what, from, properties, alias) => {
  test('are versioned, private and encrypted under their own customer managed key', () => {
    const key = keyOf(from, alias);
    expect(from.all[key]?.Type).toBe('AWS::KMS::Key');
    expect(properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: { 'Fn::GetAtt': [key, 'Arn'] },
            },
            BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
          },
        ],
      },
    });
  });

  test('move to an archive class with immediate access and expire with their versions', () => {
    const { Rules } = properties['LifecycleConfiguration'] as { Rules: Record<string, unknown>[] };
    expect(Rules.every(({ Status }) => Status === 'Enabled')).toBe(true);
    expect(Object.assign({}, ...Rules)).toMatchObject({
      Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 90 }],
      ExpirationInDays: 2557,
      NoncurrentVersionExpiration: { NoncurrentDays: 30 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
      ExpiredObjectDeleteMarker: true,
    });
  });

  test('require TLS and the encryption of the bucket', () => {
    const [bucketId] = from.entries('AWS::S3::Bucket').find(([, each]) => each.Properties === properties) ?? [];
    const policies = from.properties('AWS::S3::BucketPolicy').filter(({ Bucket }) => referenceOf(Bucket) === bucketId);
    const statements = policies.flatMap(
      ({ PolicyDocument }) => (PolicyDocument as { Statement: TemplateStatement[] }).Statement,
    );
    const denied = statements.filter(({ Effect }) => Effect === 'Deny');
    expect(denied.every(({ Principal }) => JSON.stringify(Principal) === '{"AWS":"*"}')).toBe(true);
    expect(denied.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['s3:*', { Bool: { 'aws:SecureTransport': 'false' } }],
      ['s3:*', { NumericLessThan: { 's3:TlsVersion': 1.2 } }],
      [
        's3:PutObject',
        {
          Null: { 's3:x-amz-server-side-encryption': 'false' },
          StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
        },
      ],
      [
        's3:PutObject',
        {
          Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
          StringNotEquals: {
            's3:x-amz-server-side-encryption-aws-kms-key-id': { 'Fn::GetAtt': [keyOf(from, alias), 'Arn'] },
          },
        },
      ],
    ]);
  });
});

test('replicates documents and delete markers within 15 minutes, under the key of the other region', () => {
  const { Role: role, Rules } = bucket['ReplicationConfiguration'] as { Role: unknown; Rules: unknown[] };
  expect(data.all[referenceOf(role) ?? '']?.Properties['RoleName']).toBe('document-replication-role-test1');
  expect(Rules).toEqual([
    {
      Id: 'replicate-documents',
      Priority: 1,
      Status: 'Enabled',
      Filter: { Prefix: 'documents/' },
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
      DeleteMarkerReplication: { Status: 'Enabled' },
      Destination: {
        Bucket: arnOf(destination),
        EncryptionConfiguration: { ReplicaKmsKeyID: replicaKey },
        ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
        Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
      },
    },
  ]);
});

test('gives the replication role only read access here and write access there', () => {
  const own = { 'Fn::GetAtt': [sourceId, 'Arn'] };
  const ownDocuments = { 'Fn::Join': ['', [own, '/documents/*']] };
  const through = (region: string, ...context: unknown[]) => ({
    StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
    StringLike: { 'kms:EncryptionContext:aws:s3:arn': context },
  });
  const [, role] =
    data
      .entries('AWS::IAM::Role')
      .find(([, { Properties }]) => Properties['RoleName'] === 'document-replication-role-test1') ?? [];
  expect((role?.Properties['AssumeRolePolicyDocument'] as { Statement: unknown }).Statement).toEqual([
    { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' } },
  ]);
  expect(data.statementsOf('document-replication-role-test1')).toEqual([
    {
      Effect: 'Allow',
      Action: ['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'],
      Resource: arnOf(destination, '/documents/*'),
    },
    {
      Effect: 'Allow',
      Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
      Resource: replicaKey,
      Condition: through('eu-west-1', arnOf(destination), arnOf(destination, '/documents/*')),
    },
    { Effect: 'Allow', Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'], Resource: own },
    {
      Effect: 'Allow',
      Action: ['s3:GetObjectVersionAcl', 's3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging'],
      Resource: ownDocuments,
    },
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: sourceKey,
      Condition: through('eu-south-2', own, ownDocuments),
    },
  ]);
});

test('grants only putting and getting documents', () => {
  const [exported] = Object.keys(data.template.findOutputs('*', { Value: sourceKey }));
  expect(below.statementsOf('user')).toEqual([
    { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: arnOf(source, '/documents/*') },
    { Effect: 'Allow', Action: 's3:ListBucket', Resource: arnOf(source) },
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: { 'Fn::GetStackOutput': { StackName: 'data-stack-test1', Region: 'eu-south-2', OutputName: exported } },
      Condition: {
        StringEquals: {
          'kms:ViaService': 's3.eu-south-2.amazonaws.com',
          'kms:EncryptionContext:aws:s3:arn': arnOf(source),
        },
      },
    },
  ]);
  expect(documents?.retentionDays).toBe(2557);
});

test('logs each request with the retention of other logs', () => {
  const { DestinationBucketName } = bucket['LoggingConfiguration'] as { DestinationBucketName: unknown };
  const logs = data.all[referenceOf(DestinationBucketName) ?? ''];
  expect(JSON.stringify(logs?.Properties['BucketName'])).toContain('document-logs-bucket-test1-');
  expect(logs?.Properties['LifecycleConfiguration']).toMatchObject({ Rules: [{ ExpirationInDays: 90 }] });
});

test('empties the log bucket after its last writer is deleted', () => {
  const { DestinationBucketName } = bucket['LoggingConfiguration'] as { DestinationBucketName: unknown };
  const logs = referenceOf(DestinationBucketName);
  const [emptied] =
    data
      .entries('Custom::S3AutoDeleteObjects')
      .find(([, each]) => referenceOf(each.Properties['BucketName']) === logs) ?? [];
  // What depends on a resource is deleted before it.
  expect(data.all[sourceId]?.DependsOn).toContain(emptied);
});

test('lets only this bucket write access logs', () => {
  const policies = data.properties('AWS::S3::BucketPolicy').map(({ PolicyDocument }) => PolicyDocument);
  const statements = policies.flatMap((policy) => (policy as { Statement: TemplateStatement[] }).Statement);
  const service = { Service: 'logging.s3.amazonaws.com' };
  expect(statements.filter(({ Principal }) => isDeepStrictEqual(Principal, service))).toMatchObject([
    {
      Effect: 'Allow',
      Action: 's3:PutObject',
      Condition: { ArnLike: { 'aws:SourceArn': arnOf(source) }, StringEquals: { 'aws:SourceAccount': account } },
    },
  ]);
});

test('allows browser uploads and downloads only with a console', () => {
  expect(bucket['CorsConfiguration']).toEqual({
    CorsRules: [
      {
        AllowedMethods: ['GET', 'PUT'],
        AllowedOrigins: ['*'],
        AllowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
      },
    ],
  });
  const withoutConsole = synthesized(profileContexts['compact']);
  expect(bucketNamed(withoutConsole.data, 'bucket-documents-test1')[1].Properties).not.toHaveProperty(
    'CorsConfiguration',
  );
});

const dimensions = [
  { Name: 'DestinationBucket', Value: { 'Fn::Join': ['', [`${destination}-`, account]] } },
  { Name: 'RuleId', Value: 'replicate-documents' },
  { Name: 'SourceBucket', Value: { 'Fn::Join': ['', [`${source}-`, account]] } },
];

test('has a latency alarm in the region of the replica', () => {
  const [, { Properties: alarm }] = replica.only('AWS::CloudWatch::Alarm');
  const [topic] = replica.only('AWS::SNS::Topic');
  expect(alarm).toMatchObject({
    AlarmName: 'document-replication-latency-alarm-test1',
    Namespace: 'AWS/S3',
    MetricName: 'ReplicationLatency',
    Statistic: 'Maximum',
    Threshold: 900,
    ComparisonOperator: 'GreaterThanThreshold',
    Dimensions: dimensions,
    AlarmActions: [{ Ref: topic }],
  });
});

test('has a failure alarm in the home region', () => {
  const [alarm, ...others] = documents?.alarms ?? [];
  expect(others).toEqual([]);
  expect(alarm).toMatchObject({ id: 'document-replication-failed', severity: 'page', threshold: 1 });
  expect(alarm?.metric.toMetricConfig().metricStat).toMatchObject({
    namespace: 'AWS/S3',
    metricName: 'OperationsFailedReplication',
    statistic: 'Sum',
  });
});
