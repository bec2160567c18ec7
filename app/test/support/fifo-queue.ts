import { createHash, randomUUID } from 'node:crypto';
import type { SQSRecord } from 'aws-lambda';
import type { OutboxEvent } from '../../src/outbox/outbox-event.ts';
import { AwsError, type AwsCall } from './aws-endpoint.ts';

/** The manual clock of test queues, in seconds. */
export interface Clock {
  seconds: number;
}

type Attributes = Record<string, { readonly DataType: string; readonly StringValue: string }>;

/** The parameters of SendMessage. */
export interface Sent {
  readonly MessageBody: string;
  readonly MessageGroupId: string;
  readonly MessageDeduplicationId: string;
  readonly MessageAttributes?: Attributes;
}

/** An event as the transport sends it. */
export function sentEvent(event: OutboxEvent): Sent {
  return {
    MessageBody: JSON.stringify(event),
    MessageGroupId: event.paymentId,
    MessageDeduplicationId: event.id,
  };
}

interface Stored extends Sent {
  readonly id: string;
  readonly sentAt: number;
  visibleAt: number;
  receives: number;
  receipt: string;
}

const duplicateWindowSeconds = 300;

/**
 * A fake FIFO queue of SQS: deduplication within the interval, messages of a group in order and one batch at a time,
 * redelivery after the visibility timeout, and a dead letter without a reason after maxReceiveCount.
 */
export class FifoQueue {
  readonly name: string;
  readonly #clock: Clock;
  readonly #redrive: { readonly deadLetters: FifoQueue; readonly maxReceiveCount: number } | undefined;
  readonly #seen = new Map<string, { readonly at: number; readonly id: string }>();
  #messages: Stored[] = [];

  constructor(name: string, clock: Clock, redrive?: { deadLetters: FifoQueue; maxReceiveCount: number }) {
    this.name = `${name}.fifo`;
    this.#clock = clock;
    this.#redrive = redrive;
  }

  /** All messages, including those in flight. */
  get messages(): readonly Stored[] {
    return this.#messages;
  }

  /** Adds a message unless it is a duplicate. Returns the id of the stored message. */
  send(sent: Sent): string {
    const now = this.#clock.seconds;
    const before = this.#seen.get(sent.MessageDeduplicationId);
    if (before && now - before.at < duplicateWindowSeconds) return before.id;
    const id = randomUUID();
    this.#seen.set(sent.MessageDeduplicationId, { at: now, id });
    this.#messages.push({ ...sent, id, sentAt: now, visibleAt: now, receives: 0, receipt: '' });
    return id;
  }

  /** Receives messages of groups without a message in flight. */
  receive(most: number, visibilitySeconds: number): SQSRecord[] {
    const now = this.#clock.seconds;
    const inFlight = new Set(
      this.#messages.filter(({ visibleAt }) => visibleAt > now).map((each) => each.MessageGroupId),
    );
    const records: SQSRecord[] = [];
    for (const message of [...this.#messages]) {
      if (records.length === most) break;
      if (inFlight.has(message.MessageGroupId)) continue;
      if (this.#redrive && message.receives >= this.#redrive.maxReceiveCount) {
        this.#messages = this.#messages.filter((each) => each !== message);
        this.#redrive.deadLetters.send(message);
        continue;
      }
      Object.assign(message, {
        receives: message.receives + 1,
        visibleAt: now + visibilitySeconds,
        receipt: randomUUID(),
      });
      records.push(recordOf(message));
    }
    return records;
  }

  /** Deletes a message, unless it has been received again. */
  delete(receipt: string): void {
    this.#messages = this.#messages.filter((each) => each.receipt !== receipt);
  }

  changeVisibility(receipt: string, seconds: number): void {
    for (const message of this.#messages) {
      if (message.receipt === receipt) message.visibleAt = this.#clock.seconds + seconds;
    }
  }
}

/** A message in a Lambda event. */
function recordOf(message: Stored): SQSRecord {
  return {
    messageId: message.id,
    receiptHandle: message.receipt,
    body: message.MessageBody,
    attributes: {
      ApproximateReceiveCount: String(message.receives),
      SentTimestamp: String(message.sentAt * 1000),
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: '0',
      MessageGroupId: message.MessageGroupId,
      MessageDeduplicationId: message.MessageDeduplicationId,
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, { DataType, StringValue }]) => [
        name,
        { dataType: DataType as 'String', stringValue: StringValue },
      ]),
    ),
    md5OfBody: md5(message.MessageBody),
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-south-2:111122223333:test.fifo',
    awsRegion: 'eu-south-2',
  };
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Implements the SQS API for these queues, for `startAwsEndpoint`. */
export function answerOfQueues(queues: readonly FifoQueue[]) {
  const queueOf = ({ input }: AwsCall) => {
    const found = queues.find(({ name }) => String(input['QueueUrl']).endsWith(`/${name}`));
    if (!found) throw new AwsError('AWS.SimpleQueueService.NonExistentQueue', 'There is no such queue.');
    return found;
  };
  type Entry = Sent & { Id: string; ReceiptHandle: string; VisibilityTimeout: number };
  const answers: Record<string, (queue: FifoQueue, input: Record<string, unknown> & Entry) => unknown> = {
    SendMessage: (queue, sent) => ({ MessageId: queue.send(sent), MD5OfMessageBody: md5(sent.MessageBody) }),
    SendMessageBatch: (queue, { Entries }) => ({
      Successful: (Entries as Entry[]).map((sent) => ({
        Id: sent.Id,
        MessageId: queue.send(sent),
        MD5OfMessageBody: md5(sent.MessageBody),
      })),
      Failed: [],
    }),
    ReceiveMessage: (queue, { MaxNumberOfMessages, VisibilityTimeout }) => ({
      Messages: queue.receive(Number(MaxNumberOfMessages), VisibilityTimeout).map((record) => ({
        MessageId: record.messageId,
        ReceiptHandle: record.receiptHandle,
        Body: record.body,
        MD5OfBody: record.md5OfBody,
        Attributes: record.attributes,
        MessageAttributes: queue.messages.find(({ id }) => id === record.messageId)?.MessageAttributes,
      })),
    }),
    DeleteMessage: (queue, { ReceiptHandle }) => {
      queue.delete(ReceiptHandle);
      return {};
    },
    ChangeMessageVisibility: (queue, { ReceiptHandle, VisibilityTimeout }) => {
      queue.changeVisibility(ReceiptHandle, VisibilityTimeout);
      return {};
    },
    ChangeMessageVisibilityBatch: (queue, { Entries }) => {
      const entries = Entries as Entry[];
      for (const { ReceiptHandle, VisibilityTimeout } of entries)
        queue.changeVisibility(ReceiptHandle, VisibilityTimeout);
      return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
    },
  };
  return (call: AwsCall): unknown => {
    const answer = answers[call.target.replace('AmazonSQS.', '')];
    if (!answer) throw new AwsError('AWS.SimpleQueueService.UnsupportedOperation', `${call.target} is not known here.`);
    return answer(queueOf(call), call.input as Record<string, unknown> & Entry);
  };
}
