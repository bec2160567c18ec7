import {
  type EventSourceMappingConfiguration,
  type LambdaClient,
  paginateListEventSourceMappings,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { isKeyOf, problems } from './problems';

/** A queue as SQS describes it. */
export interface DeployedQueue {
  readonly arn: string;
  readonly keyId: string | undefined;
  readonly redrive: { readonly deadLetterTargetArn?: string; readonly maxReceiveCount?: number | string } | undefined;
}

/** Reads one queue. */
export async function readQueue(client: SQSClient, QueueUrl: string): Promise<DeployedQueue> {
  const { Attributes: attributes = {} } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
  );
  const { QueueArn: arn = QueueUrl, KmsMasterKeyId: keyId, RedrivePolicy: policy } = attributes;
  return { arn, keyId, redrive: policy ? (JSON.parse(policy) as DeployedQueue['redrive']) : undefined };
}

/** Which functions consume a queue. */
export async function readConsumers(
  client: LambdaClient,
  { arn }: DeployedQueue,
): Promise<readonly EventSourceMappingConfiguration[]> {
  const mappings: EventSourceMappingConfiguration[] = [];
  for await (const page of paginateListEventSourceMappings({ client }, { EventSourceArn: arn }))
    mappings.push(...(page.EventSourceMappings ?? []));
  return mappings;
}

/** A queue with a consumer and a dead-letter queue without one, both with customer managed keys. */
export function queueProblems(
  queue: DeployedQueue,
  deadLetters: DeployedQueue,
  consumers: readonly EventSourceMappingConfiguration[],
  keyIds: readonly string[],
): string[] {
  return problems([
    [
      queue.redrive?.deadLetterTargetArn === deadLetters.arn,
      `what cannot be consumed of ${queue.arn} does not go to ${deadLetters.arn}`,
    ],
    [deadLetters.redrive === undefined, `${deadLetters.arn} passes its dead letters on`],
    [consumers.some(({ State }) => State === 'Enabled'), `nothing consumes ${queue.arn}`],
    [
      consumers.every(({ FunctionResponseTypes = [] }) => FunctionResponseTypes.includes('ReportBatchItemFailures')),
      `one message that fails has a whole batch of ${queue.arn} delivered again`,
    ],
    ...[queue, deadLetters].map(
      ({ arn, keyId }) => [isKeyOf(keyIds, keyId), `${arn} is not encrypted under a customer managed key`] as const,
    ),
  ]);
}
