import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { FlatOutputs } from '../integration/flat-outputs';
import type { Emulator } from './emulator';
import type { Access } from './mutations';

/** A line of an application load balancer's access log. */
const accessLogLine =
  'h2 2026-01-02T03:04:05.678901Z app/api/0123456789abcdef 192.0.2.1:40000 10.0.0.1:8080 0.001 0.002 0.000 200 200 34 366 ' +
  '"GET https://pay.example.com:443/api/health HTTP/2.0" "curl/8" TLS_AES_128_GCM_SHA256 TLSv1.3 ' +
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/blue/0123456789abcdef "Root=1-67891233-abcdef012345678912345678" ' +
  '"pay.example.com" "session-reused" 0 2026-01-02T03:04:05.675000Z "forward" "-" "-" "10.0.0.1:8080" "200" "-" "-"';

/** What a migration writes into the secret. */
const connectionString = 'postgresql://payments_api:secret@127.0.0.1:1/payments?sslmode=verify-full';

/** With an hour more than the youngest cluster that a drill restores. */
const aDay = 25 * 3600;

type Delivery = () => Promise<string | undefined>;

/**
 * Has the functions handle what AWS would deliver to them at some time: a rotation, a log file, a message.
 *
 * There is no database, so that each function is shown until it would connect.
 *
 * @returns what was handled
 * @throws when a function did not do its part
 */
export async function deliverEvents(
  outputs: FlatOutputs,
  access: Access,
  clock: Pick<Emulator, 'skip'>,
): Promise<string> {
  const home = { region: outputs.ComputeRegion, ...access };
  const deliveries: readonly Delivery[] = [
    async () => rotation(new SecretsManagerClient(home)),
    async () => logFile(new LambdaClient(home), new S3Client({ ...home, forcePathStyle: true })),
    async () => message(new SQSClient(home), outputs.ComputePaymentQueueUrl),
    async () => drill(new SFNClient(home), clock),
  ];
  const handled: string[] = [];
  for (const deliver of deliveries) {
    const what = await deliver();
    if (what !== undefined) handled.push(what);
  }
  return handled.length > 0 ? handled.join(', ') : 'no function of this profile waits for an event';
}

/** A rotation by a function of the platform. Without a database it ends once the new version is written. */
async function rotation(client: SecretsManagerClient): Promise<string | undefined> {
  const { SecretList = [] } = await client.send(new ListSecretsCommand({}));
  const rotated = SecretList.find(
    ({ Name, RotationLambdaARN }) => RotationLambdaARN && Name?.startsWith('connection-'),
  );
  if (!rotated) return undefined;
  const { ARN: SecretId, RotationLambdaARN } = rotated;
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify({ connectionString }) }));
  const ClientRequestToken = randomUUID();
  await client.send(
    new RotateSecretCommand({ SecretId, RotationLambdaARN, ClientRequestToken, RotateImmediately: true }),
  );
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionId: ClientRequestToken }));
  if (!SecretString?.includes('payments_api_alternate')) throw new Error('The rotation has written no new version.');
  return 'a rotation';
}

async function logFile(functions: LambdaClient, storage: S3Client): Promise<string | undefined> {
  const { Functions = [] } = await functions.send(new ListFunctionsCommand({}));
  const FunctionName = Functions.map((each) => each.FunctionName).find((name) =>
    name?.includes('access-log-forwarding'),
  );
  if (FunctionName === undefined) return undefined;
  const { Buckets = [] } = await storage.send(new ListBucketsCommand({}));
  const Bucket = Buckets.find(({ Name }) => Name?.includes('alb-logs'))?.Name;
  const Key = `AWSLogs/123456789012/elasticloadbalancing/${randomUUID()}.log.gz`;
  await storage.send(new PutObjectCommand({ Bucket, Key, Body: gzipSync(`${accessLogLine}\n`) }));
  const event = { detail: { bucket: { name: Bucket }, object: { key: Key } } };
  // The second time its log stream stands already.
  for (const delivery of ['first', 'second']) {
    const { FunctionError, Payload } = await functions.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    );
    if (FunctionError) throw new Error(`${FunctionName}, ${delivery} delivery: ${Payload?.transformToString() ?? ''}`);
  }
  return 'a log file';
}

/** An invalid message. The consumer sends it to the dead-letter queue without a database. */
async function message(client: SQSClient, QueueUrl: string | undefined): Promise<string | undefined> {
  if (QueueUrl === undefined) return undefined;
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['RedrivePolicy'] }),
  );
  const { deadLetterTargetArn } = JSON.parse(Attributes?.['RedrivePolicy'] ?? '{}') as Record<string, string>;
  await client.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: 'no event',
      MessageGroupId: '1',
      MessageDeduplicationId: randomUUID(),
    }),
  );
  const deadLetters = QueueUrl.replace(/[^/]+$/, deadLetterTargetArn?.split(':').at(-1) ?? '');
  const { Attributes: { ApproximateNumberOfMessages: buried = '0' } = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetters, AttributeNames: ['ApproximateNumberOfMessages'] }),
  );
  if (buried === '0') throw new Error(`The consumer of ${QueueUrl} has not buried a message that it cannot read.`);
  return 'a message';
}

/** A restore drill, a day after the deployment. It restores a snapshot, finds no database to look into, and cleans up. */
async function drill(client: SFNClient, clock: Pick<Emulator, 'skip'>): Promise<string | undefined> {
  const { stateMachines = [] } = await client.send(new ListStateMachinesCommand({}));
  const machine = stateMachines.find(({ name }) => name?.includes('restore-drill'));
  if (!machine) return undefined;
  const { stateMachineArn } = machine;
  const running = async () =>
    (await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING' }))).executions ?? [];
  // The first run, which the deployment starts, would make this one give way.
  while ((await running()).length > 0) await sleep(500);
  await clock.skip(aDay);
  try {
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input: '{}' }));
    await untilDrilled(client, executionArn);
  } finally {
    // The snapshots of the next environment would be too old at once.
    await clock.skip(-aDay);
  }
  return 'a restore drill';
}

/** @throws when the drill did not create the copy, or did not delete it */
async function untilDrilled(client: SFNClient, executionArn: string | undefined): Promise<void> {
  let { status, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
  while (status === 'RUNNING') {
    await sleep(500);
    ({ status, cause } = await client.send(new DescribeExecutionCommand({ executionArn })));
  }
  const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  const states = new Set(events.map(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name));
  if (states.has('Verify') && states.has('Report') && !states.has('LeftOver')) return;
  throw new Error(`The restore drill went through ${[...states].join(', ')}, and ended: ${cause ?? status ?? ''}`);
}
