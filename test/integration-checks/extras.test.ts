import { APIGatewayClient, GetDomainNameCommand, GetRestApiCommand } from '@aws-sdk/client-api-gateway';
import { DescribeInstancesCommand, DescribeNatGatewaysCommand, EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient, ListEventSourceMappingsCommand } from '@aws-sdk/client-lambda';
import {
  GetBucketReplicationCommand,
  GetBucketVersioningCommand,
  type ReplicationRule,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { apiProblems, readApi } from '../integration/checks/api-gateway';
import { egressProblems, readEgress } from '../integration/checks/egress';
import { queueProblems, readConsumers, readQueue } from '../integration/checks/queues';
import { readReplication, replicationProblems } from '../integration/checks/replication';
import { StackResources } from '../integration/stack-resources';

const s3 = mockClient(S3Client);
const gateway = mockClient(APIGatewayClient);
const sqs = mockClient(SQSClient);
const lambda = mockClient(LambdaClient);
const ec2 = mockClient(EC2Client);

beforeEach(() => {
  for (const each of [s3, gateway, sqs, lambda, ec2]) each.reset();
});

const rule: ReplicationRule = { Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::copy' } };

async function ofReplication(change: Partial<ReplicationRule>, versioning: 'Enabled' | 'Suspended' = 'Enabled') {
  const none = Object.assign(new Error('none'), { name: 'ReplicationConfigurationNotFoundError' });
  s3.on(GetBucketVersioningCommand).resolves({ Status: 'Enabled' });
  s3.on(GetBucketVersioningCommand, { Bucket: 'copy' }).resolves({ Status: versioning });
  s3.on(GetBucketReplicationCommand).rejects(none);
  s3.on(GetBucketReplicationCommand, { Bucket: 'documents' }).resolves({
    ReplicationConfiguration: { Role: 'role', Rules: [{ ...rule, ...change }] },
  });
  const [documents, logs, copy] = await Promise.all(
    ['documents', 'logs', 'copy'].map(async (name) => readReplication(new S3Client({}), name)),
  );
  return documents && logs && copy && replicationProblems([logs, documents], copy);
}

test('requires an enabled replication rule to the replica bucket', async () => {
  const nothing = ['nothing is replicated into copy'];
  await expect(ofReplication({})).resolves.toEqual([]);
  await expect(ofReplication({ Status: 'Disabled' })).resolves.toEqual(nothing);
  await expect(ofReplication({ Destination: { Bucket: 'arn:aws:s3:::other' } })).resolves.toEqual(nothing);
  await expect(ofReplication({}, 'Suspended')).resolves.toEqual([
    'copy keeps no versions, so that nothing is replicated',
  ]);
});

test('throws for a denied replication call', async () => {
  s3.on(GetBucketVersioningCommand).resolves({ Status: 'Enabled' });
  s3.on(GetBucketReplicationCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  await expect(readReplication(new S3Client({}), 'documents')).rejects.toThrow('no');
});

const domain = {
  securityPolicy: 'TLS_1_2',
  mutualTlsAuthentication: { truststoreUri: 's3://trusted/truststore.pem', truststoreVersion: '1' },
} as const;

async function ofApi(
  names: string[],
  change: object = {},
  disableExecuteApiEndpoint = true,
  truststores = ['trusted'],
) {
  gateway.on(GetRestApiCommand, { restApiId: 'api-1' }).resolves({ name: 'api', disableExecuteApiEndpoint });
  for (const domainName of names) {
    gateway.on(GetDomainNameCommand, { domainName }).resolves({ domainName, ...domain, ...change });
  }
  const edge = new StackResources([
    ['AWS::ApiGateway::RestApi', 'api-1'],
    ...names.map((name) => ['AWS::ApiGateway::DomainName', name] as const),
  ]);
  return apiProblems(await readApi(new APIGatewayClient({}), edge), truststores);
}

test('accepts an API with mutual TLS', async () => {
  const uncertified = ['pay admits clients without a certificate'];
  await expect(ofApi(['pay'])).resolves.toEqual([]);
  await expect(ofApi(['pay'], {}, false)).resolves.toEqual([
    'api answers under the address that AWS gave it, beside its name',
  ]);
  await expect(ofApi(['pay'], { mutualTlsAuthentication: undefined })).resolves.toEqual(uncertified);
  await expect(ofApi(['pay'], { mutualTlsAuthentication: { truststoreUri: 's3://trusted-2/a' } })).resolves.toEqual(
    uncertified,
  );
  await expect(ofApi([], {}, false)).resolves.toEqual(['clients are to show certificates, but the API has no name']);
});

test('reports missing mutual TLS, TLS below 1.2 and an unreadable truststore', async () => {
  await expect(ofApi(['pay'], { mutualTlsAuthentication: undefined }, true, [])).resolves.toEqual([]);
  await expect(ofApi([], {}, false, [])).resolves.toEqual([]);
  await expect(ofApi(['pay'], { securityPolicy: 'TLS_1_0' })).resolves.toEqual([
    'pay accepts versions of TLS before 1.2',
  ]);
  const mutualTlsAuthentication = { ...domain.mutualTlsAuthentication, truststoreWarnings: ['expired'] };
  await expect(ofApi(['pay'], { mutualTlsAuthentication })).resolves.toEqual(['the truststore of pay: expired']);
});

interface Queues {
  readonly redrive?: object | undefined;
  readonly deadKey?: string;
  readonly state?: string;
  readonly responses?: 'ReportBatchItemFailures'[];
}

async function ofQueues({ redrive = { deadLetterTargetArn: 'arn:dead' }, ...change }: Queues) {
  const { deadKey = 'key-1', state = 'Enabled', responses = ['ReportBatchItemFailures'] } = change;
  const RedrivePolicy = JSON.stringify(redrive);
  sqs.on(GetQueueAttributesCommand, { QueueUrl: 'url-1' }).resolves({
    Attributes: { QueueArn: 'arn:queue', KmsMasterKeyId: 'arn:aws:kms:r:1:key/key-1', RedrivePolicy },
  });
  sqs
    .on(GetQueueAttributesCommand, { QueueUrl: 'url-2' })
    .resolves({ Attributes: { QueueArn: 'arn:dead', KmsMasterKeyId: deadKey } });
  // The mapping stands on the second page.
  lambda
    .on(ListEventSourceMappingsCommand, { EventSourceArn: 'arn:queue' })
    .resolvesOnce({ NextMarker: 'more', EventSourceMappings: [] })
    .resolves({ EventSourceMappings: [{ State: state, FunctionResponseTypes: responses }] });
  const queue = await readQueue(new SQSClient({}), 'url-1');
  const deadLetters = await readQueue(new SQSClient({}), 'url-2');
  return queueProblems(queue, deadLetters, await readConsumers(new LambdaClient({}), queue), ['key-1']);
}

test.each<[string[], Queues]>([
  [[], {}],
  [['what cannot be consumed of arn:queue does not go to arn:dead'], { redrive: {} }],
  [['what cannot be consumed of arn:queue does not go to arn:dead'], { redrive: { deadLetterTargetArn: 'arn:x' } }],
  [['nothing consumes arn:queue'], { state: 'Disabled' }],
  [['one message that fails has a whole batch of arn:queue delivered again'], { responses: [] }],
  [['arn:dead is not encrypted under a customer managed key'], { deadKey: 'alias/aws/sqs' }],
])('a queue and its dead letters: %j', async (problems, change) => {
  await expect(ofQueues(change)).resolves.toEqual(problems);
});

test('reports a queue without dead-letter queue, and a dead-letter queue with one', () => {
  const queue = { arn: 'a', keyId: 'key-1', redrive: undefined };
  const consumer = { State: 'Enabled', FunctionResponseTypes: ['ReportBatchItemFailures' as const] };
  expect(queueProblems(queue, { ...queue, arn: 'b', redrive: {} }, [consumer], ['key-1'])).toEqual([
    'what cannot be consumed of a does not go to b',
    'b passes its dead letters on',
  ]);
});

async function ofEgress(type: 'NatGateway' | 'Instance' | undefined, answer: object) {
  const network = new StackResources(type === undefined ? [] : [[`AWS::EC2::${type}`, 'nat-1']]);
  ec2.on(DescribeNatGatewaysCommand, { NatGatewayIds: ['nat-1'] }).resolves({ NatGateways: [answer] });
  ec2.on(DescribeInstancesCommand, { InstanceIds: ['nat-1'] }).resolves({ Reservations: [{ Instances: [answer] }] });
  return egressProblems(await readEgress(new EC2Client({}), network));
}

test('requires available NAT gateways or running NAT instances', async () => {
  const running = { InstanceId: 'i-1', State: { Name: 'running' }, SourceDestCheck: false };
  await expect(ofEgress('NatGateway', { State: 'available' })).resolves.toEqual([]);
  await expect(ofEgress('NatGateway', { NatGatewayId: 'nat-1', State: 'failed' })).resolves.toEqual([
    'nat-1 is failed, not available',
  ]);
  await expect(ofEgress('Instance', running)).resolves.toEqual([]);
  await expect(ofEgress('Instance', { ...running, State: { Name: 'stopped' } })).resolves.toEqual([
    'i-1 is stopped, not running',
  ]);
  await expect(ofEgress('Instance', { ...running, SourceDestCheck: true })).resolves.toEqual([
    'i-1 drops what is not meant for itself, which is all',
  ]);
  await expect(ofEgress(undefined, {})).resolves.toEqual(['private subnets have no way to the internet']);
});
