import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { EventQueueUrls } from '../src/queue/event-queue.ts';

/** A message of the dead-letter queue. */
export interface DeadLetter {
  /** The message id, which is unique even if an event becomes a dead letter twice. */
  readonly id: string;
  readonly body: string;
  /** `undefined` if the redrive policy of SQS moved it, because the consumer crashed or timed out. */
  readonly reason: string | undefined;
  readonly sentAt: Date;
  readonly group: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly receipt: string;
}

/** The time to process all messages. After an interruption, they become visible again after this time. */
const visibilitySeconds = 120;

/** The dead-letter queue of payment events. */
export class DeadLetters {
  readonly #client: SQSClient;
  readonly #urls: EventQueueUrls;

  constructor(client: SQSClient, urls: EventQueueUrls) {
    this.#client = client;
    this.#urls = urls;
  }

  /** Receives up to ten messages and hides them from other receivers; none if the queue is empty. Messages of a payment arrive in order. */
  async receive(): Promise<DeadLetter[]> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#urls.deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: visibilitySeconds,
        // Long polling queries all servers of the queue; short polling may miss messages.
        WaitTimeSeconds: 2,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp'],
      }),
    );
    return Messages.map(letterOf);
  }

  /**
   * Sends a message to the source queue, then deletes it here. An interruption between the two sends it twice, which the consumer
   * tolerates. The deduplication id is the message id, because SQS would drop the event's own id as a duplicate.
   */
  async moveBack({ id, body, group, attributes, receipt }: DeadLetter): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#urls.queueUrl,
        MessageBody: body,
        MessageGroupId: group,
        MessageDeduplicationId: id,
        MessageAttributes: attributes,
      }),
    );
    await this.#client.send(
      new DeleteMessageCommand({ QueueUrl: this.#urls.deadLetterQueueUrl, ReceiptHandle: receipt }),
    );
  }

  /** Makes a message visible to other receivers. */
  async release({ receipt }: DeadLetter): Promise<void> {
    await this.#client.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: this.#urls.deadLetterQueueUrl,
        ReceiptHandle: receipt,
        VisibilityTimeout: 0,
      }),
    );
  }
}

function letterOf({ MessageId, Body, ReceiptHandle, Attributes, MessageAttributes }: Message): DeadLetter {
  const { Reason, ...attributes } = MessageAttributes ?? {};
  return {
    id: MessageId ?? '',
    body: Body ?? '',
    reason: Reason?.StringValue,
    sentAt: new Date(Number(Attributes?.SentTimestamp)),
    group: Attributes?.MessageGroupId ?? '',
    attributes,
    receipt: ReceiptHandle ?? '',
  };
}
