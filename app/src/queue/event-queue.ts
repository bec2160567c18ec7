import {
  ChangeMessageVisibilityBatchCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/** The attribute of a dead letter that says why it is one. */
const reasonAttribute = 'Reason';

/** Longer reasons are cut: the log has all of it. */
const maxReasonLength = 500;

/** Where the queue and its dead letters are. */
export interface EventQueueUrls {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** What a consumer does with a message beyond consuming it. */
export class EventQueue {
  readonly #client: SQSClient;
  readonly #urls: EventQueueUrls;

  constructor(client: SQSClient, urls: EventQueueUrls) {
    this.#client = client;
    this.#urls = urls;
  }

  /**
   * Sends a message to the dead letters with the reason, which SQS's own redrive does not keep. The caller then confirms the message.
   *
   * Its new id against duplicates is the message's, not the event's: the same event may become a dead letter again after a redrive, and
   * the queue would drop it.
   */
  async bury({ messageId, body, attributes, messageAttributes }: SQSRecord, reason: string): Promise<void> {
    const kept = Object.entries(messageAttributes).map(
      ([name, { dataType, stringValue }]): [string, MessageAttributeValue] => [
        name,
        { DataType: dataType, StringValue: stringValue },
      ],
    );
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#urls.deadLetterQueueUrl,
        MessageBody: body,
        MessageGroupId: attributes.MessageGroupId,
        MessageDeduplicationId: messageId,
        MessageAttributes: {
          ...Object.fromEntries(kept),
          [reasonAttribute]: { DataType: 'String', StringValue: printable(reason) },
        },
      }),
    );
  }

  /** Has messages delivered again after so many seconds each, instead of the queue's visibility timeout. At most ten. */
  async postpone(messages: readonly { readonly record: SQSRecord; readonly seconds: number }[]): Promise<void> {
    await this.#client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: this.#urls.queueUrl,
        Entries: messages.map(({ record, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: record.receiptHandle,
          VisibilityTimeout: seconds,
        })),
      }),
    );
  }
}

/** SQS refuses control characters. */
function printable(reason: string): string {
  return reason.replaceAll(/\p{Cc}/gu, ' ').slice(0, maxReasonLength) || 'unknown';
}
