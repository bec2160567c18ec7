import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { apiProblems, readApi } from './checks/api-gateway';
import { readUsage, usageProblems } from './checks/api-usage';
import { archiveProblems, readArchive } from './checks/log-archive';
import { queueProblems, readConsumers, readQueue } from './checks/queues';
import { readReplication, replicationProblems } from './checks/replication';
import { drillProblems, readDrill } from './checks/restore-drill';
import { deployedPlatform, type DeployedPlatform } from './deployed-platform';
import { readFlatOutputs } from './flat-outputs';

/*
 * What only some deployments have. The outputs say which; what is not there counts as skipped.
 */

const forcePathStyle = process.env['AWS_ENDPOINT_URL'] !== undefined;
const outputs = readFlatOutputs();
const where = (value: unknown) => (value === undefined ? test.skip : test);

let platform: DeployedPlatform;

beforeAll(async () => {
  platform = await deployedPlatform();
});

where(outputs.ReplicaStackName)('documents are replicated into the other region', async () => {
  const { replica, stacks } = platform;
  const read = async (region: string, bucket: string) =>
    readReplication(new S3Client({ region, forcePathStyle }), bucket);
  const { region, resources } = stacks.Data;
  const home = await Promise.all(resources.all('AWS::S3::Bucket').map(async (name) => read(region, name)));
  if (!replica) throw new Error('The outputs name a replica that is not there.');
  const copy = await read(replica.region, replica.resources.only('AWS::S3::Bucket'));
  expect(replicationProblems(home, copy)).toEqual([]);
});

where(outputs.EdgeApiKeyId)(
  'the API Gateway answers under its own name, and asks for certificates where it should',
  async () => {
    const { region, resources } = platform.stacks.Edge;
    const truststores = resources.all('Custom::Truststore').length > 0 ? resources.all('AWS::S3::Bucket') : [];
    expect(apiProblems(await readApi(new APIGatewayClient({ region }), resources), truststores)).toEqual([]);
  },
);

where(outputs.ComputePaymentQueueUrl)('queued payments are consumed, and kept where they cannot be', async () => {
  const { region, keyIds } = platform.stacks.Compute;
  const client = new SQSClient({ region });
  const queue = await readQueue(client, String(outputs.ComputePaymentQueueUrl));
  const deadLetters = await readQueue(client, String(outputs.ComputePaymentDeadLetterQueueUrl));
  const consumers = await readConsumers(new LambdaClient({ region }), queue);
  expect(queueProblems(queue, deadLetters, consumers, keyIds)).toEqual([]);
});

where(outputs.EdgeApiKeyRequestsPerMinute)('the API Gateway limits every client, and logs what it asks', async () => {
  const { region, resources } = platform.stacks.Edge;
  const expected = {
    requestsPerMinute: Number(outputs.EdgeApiKeyRequestsPerMinute),
    logGroups: resources.all('AWS::Logs::LogGroup'),
  };
  expect(usageProblems(await readUsage(new APIGatewayClient({ region }), resources), expected)).toEqual([]);
});

where(outputs.DataRestoreDrillStateMachineArn)(
  'backups are proven, and the last time they could be restored',
  async () => {
    const { region, resources } = platform.stacks.Data;
    const stateMachine = String(outputs.DataRestoreDrillStateMachineArn);
    const drill = await readDrill(new SchedulerClient({ region }), new SFNClient({ region }), resources, stateMachine);
    expect(drillProblems(drill, stateMachine)).toEqual([]);
  },
);

where(outputs.ObservabilityLogArchiveBucketName)('lines of the application are archived', async () => {
  const { Compute, Observability } = platform.stacks;
  const { region, resources } = Observability;
  const archive = await readArchive(
    new CloudWatchLogsClient({ region }),
    new S3Client({ region, forcePathStyle }),
    Compute.resources,
    String(outputs.ObservabilityLogArchiveBucketName),
  );
  const expected = {
    filterNames: resources.all('AWS::Logs::SubscriptionFilter'),
    stream: resources.only('AWS::KinesisFirehose::DeliveryStream'),
    days: Number(outputs.ObservabilityLogArchiveDays),
  };
  expect(archiveProblems(archive, expected)).toEqual([]);
});
