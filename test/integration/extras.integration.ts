import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { apiProblems, readApi } from './checks/api-gateway';
import { queueProblems, readConsumers, readQueue } from './checks/queues';
import { readReplication, replicationProblems } from './checks/replication';
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
