import {
  ChangeMessageVisibilityBatchCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/** The message attribute with the reason for a dead letter. */
const reasonAttribute = 'Reason';

/** Longer reasons are truncated. The log contains the full text. */
const maxReasonLength = 500;

export interface EventQueueUrls {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
}

/** The SQS operations for failed messages. */
export class EventQueue {
  readonly #client: SQSClient;
  readonly #urls: EventQueueUrls;

  constructor(client: SQSClient, urls: EventQueueUrls) {
    this.#client = client;
    this.#urls = urls;
  }

  /**
   * Sends a copy of a message to the dead-letter queue with the reason, which the redrive policy of SQS cannot add. The caller must then
   * report the message as consumed.
   *
   * The deduplication id is the message id. With the event id, SQS would drop an event that fails again after a redrive.
   */
  async sendToDeadLetterQueue(
    { messageId, body, attributes, messageAttributes }: SQSRecord,
    reason: string,
  ): Promise<void> {
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

  /** Sets the visibility timeouts of up to ten messages, so that SQS redelivers each after `seconds`. */
  async changeVisibility(messages: readonly { readonly record: SQSRecord; readonly seconds: number }[]): Promise<void> {
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

/** SQS rejects control characters in attributes. */
function printable(reason: string): string {
  return reason.replaceAll(/\p{Cc}/gu, ' ').slice(0, maxReasonLength) || 'unknown';
}
