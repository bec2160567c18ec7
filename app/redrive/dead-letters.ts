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

/** A message that could not be consumed. */
export interface DeadLetter {
  /** Of its own: an event that becomes a dead letter twice has two. */
  readonly id: string;
  readonly body: string;
  /** `undefined` when SQS moved it by itself, because the consumer died of it. */
  readonly reason: string | undefined;
  readonly sentAt: Date;
  readonly group: string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
  readonly receipt: string;
}

/** Long enough to look at all of them; whoever is interrupted leaves them hidden no longer. */
const visibilitySeconds = 120;

/** The dead-letter queue of payment events, and the way back. */
export class DeadLetters {
  readonly #client: SQSClient;
  readonly #urls: EventQueueUrls;

  constructor(client: SQSClient, urls: EventQueueUrls) {
    this.#client = client;
    this.#urls = urls;
  }

  /** The next letters, hidden from others meanwhile; none when there are no more. Later ones of a payment wait for its earlier ones. */
  async receive(): Promise<DeadLetter[]> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#urls.deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: visibilitySeconds,
        // Asks every server of the queue: one alone may know of no message.
        WaitTimeSeconds: 2,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['MessageGroupId', 'SentTimestamp'],
      }),
    );
    return Messages.map(letterOf);
  }

  /**
   * Sends a letter to the queue again, then removes it here: whoever is interrupted between the two sends it twice, which its consumer
   * does not mind. Its id against duplicates is the letter's, because under the event's own the queue would drop it.
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

  /** Shows a letter to others again. */
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
