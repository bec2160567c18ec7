import { CloudWatchLogsClient, DescribeLogGroupsCommand, type LogGroup } from '@aws-sdk/client-cloudwatch-logs';
import {
  GetBucketEncryptionCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { bucketProblems, readBucket } from '../integration/checks/buckets';
import { logGroupProblems, readLogGroup } from '../integration/checks/log-groups';

const s3 = mockClient(S3Client);
const logs = mockClient(CloudWatchLogsClient);

beforeEach(() => {
  s3.reset();
  logs.reset();
});

const keyArn = 'arn:aws:kms:eu-south-2:111122223333:key/key-1';
const blocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const byKey = { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } as const;
const bySse = { SSEAlgorithm: 'AES256' } as const;

interface Bucket {
  readonly access?: object;
  readonly encryption?: typeof byKey | typeof bySse | undefined;
  readonly isPublic?: boolean;
}

async function found({ access = {}, encryption = byKey, isPublic = false }: Bucket, keyIds: string[] | undefined) {
  const Bucket = 'bucket-1';
  s3.on(GetPublicAccessBlockCommand, { Bucket }).resolves({
    PublicAccessBlockConfiguration: { ...blocked, ...access },
  });
  s3.on(GetBucketEncryptionCommand, { Bucket }).resolves({
    ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault: encryption }] },
  });
  s3.on(GetBucketPolicyStatusCommand, { Bucket }).resolves({ PolicyStatus: { IsPublic: isPublic } });
  return bucketProblems(await readBucket(new S3Client({}), Bucket), keyIds);
}

test('accepts encrypted buckets with access logs', async () => {
  await expect(found({}, ['key-1'])).resolves.toEqual([]);
  await expect(found({ encryption: bySse }, undefined)).resolves.toEqual([]);
});

test.each(Object.keys(blocked))('requires %s', async (name) => {
  await expect(found({ access: { [name]: false } }, ['key-1'])).resolves.toEqual([`bucket-1 does not ${name}`]);
});

test('reports a public policy, SSE-S3 instead of SSE-KMS, and a foreign key', async () => {
  const unencrypted = ['bucket-1 is not encrypted under a customer managed key'];
  await expect(found({ isPublic: true }, ['key-1'])).resolves.toEqual(['the policy of bucket-1 is public']);
  await expect(found({ encryption: bySse }, ['key-1'])).resolves.toEqual(unencrypted);
  await expect(found({}, ['key-2'])).resolves.toEqual(unencrypted);
  await expect(found({}, undefined)).resolves.toEqual(['bucket-1 is not encrypted with SSE-S3']);
});

const group: LogGroup = { logGroupName: 'group-1', retentionInDays: 90, kmsKeyId: keyArn };

test.each<[string[], LogGroup]>([
  [[], {}],
  [['group-1 is kept 30 days, not 90'], { retentionInDays: 30 }],
  [['group-1 is kept unlimited days, not 90'], { retentionInDays: undefined }],
  [['group-1 is not encrypted under a customer managed key'], { kmsKeyId: undefined }],
  [['the log group group-1 is missing'], { logGroupName: 'group-10' }],
])('a log group: %j', async (problems, change) => {
  // A prefix finds others too, and the group itself on the second page.
  logs
    .on(DescribeLogGroupsCommand, { logGroupNamePrefix: 'group-1' })
    .resolvesOnce({ nextToken: 'more', logGroups: [{ logGroupName: 'group-11' }] })
    .resolves({ logGroups: [{ ...group, ...change }] });
  const answer = await readLogGroup(new CloudWatchLogsClient({}), 'group-1');
  expect(logGroupProblems('group-1', answer, { keyIds: ['key-1'], retentionDays: 90 })).toEqual(problems);
});
