import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { OutboxTransport } from './outbox-event.ts';

const batchSize = 10;

/** Sends events to a FIFO queue: in order for each payment, each event once within the queue's own window of duplicates. */
export function sqsTransport(queueUrl: string, client = new SQSClient()): OutboxTransport {
  return {
    async deliver(events) {
      const delivered: string[] = [];
      for (let start = 0; start < events.length; start += batchSize) {
        const batch = events.slice(start, start + batchSize);
        const { Successful = [] } = await client.send(
          new SendMessageBatchCommand({
            QueueUrl: queueUrl,
            Entries: batch.map((event) => ({
              Id: event.id,
              MessageBody: JSON.stringify(event),
              MessageGroupId: event.paymentId,
              MessageDeduplicationId: event.id,
              // For who looks at the queue, or filters what leaves it, without reading bodies.
              // What reads the queue goes on in the trace.
              ...(event.traceHeader !== null && {
                MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: event.traceHeader } },
              }),
              MessageAttributes: { correlationId: { DataType: 'String', StringValue: event.correlationId } },
            })),
          }),
        );
        delivered.push(...Successful.flatMap(({ Id }) => (Id === undefined ? [] : [Id])));
      }
      return delivered;
    },
  };
}
