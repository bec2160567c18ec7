import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { OutboxEvent, OutboxTransport } from './outbox-event.ts';

const batchSize = 10;

/** Sends events to a FIFO queue: in order per payment, deduplicated by event id within the five-minute interval of SQS. */
export function sqsTransport(queueUrl: string, client = new SQSClient()): OutboxTransport {
  async function send(batch: readonly OutboxEvent[]): Promise<string[]> {
    const { Successful = [] } = await client.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: batch.map((event) => ({
          Id: event.id,
          MessageBody: JSON.stringify(event),
          MessageGroupId: event.paymentId,
          MessageDeduplicationId: event.id,
          // The consumer continues the trace.
          ...(event.traceHeader !== null && {
            MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: event.traceHeader } },
          }),
          // Makes the id visible without parsing the body.
          MessageAttributes: { correlationId: { DataType: 'String', StringValue: event.correlationId } },
        })),
      }),
    );
    return Successful.flatMap(({ Id }) => (Id === undefined ? [] : [Id]));
  }

  return {
    async deliver(events) {
      const delivered = new Set<string>();
      const held = new Set<string>();
      for (const round of roundsOf(events)) {
        const going = round.filter(({ paymentId }) => !held.has(paymentId));
        for (let start = 0; start < going.length; start += batchSize) {
          for (const id of await send(going.slice(start, start + batchSize))) delivered.add(id);
        }
        for (const { id, paymentId } of going) if (!delivered.has(id)) held.add(paymentId);
      }
      return [...delivered];
    },
  };
}

/**
 * Splits events into the first of each payment, the second of each payment and so on. SendMessageBatch may accept a message and reject the
 * one before it, so a batch must not contain two events of a payment.
 */
function roundsOf(events: readonly OutboxEvent[]): OutboxEvent[][] {
  const rounds: OutboxEvent[][] = [];
  const places = new Map<string, number>();
  for (const event of events) {
    const place = places.get(event.paymentId) ?? 0;
    places.set(event.paymentId, place + 1);
    (rounds[place] ??= []).push(event);
  }
  return rounds;
}
