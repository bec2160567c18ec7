import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { Logger } from 'pino';
import { type EventConsumer, consumerEventFields } from '../outbox/event-consumer.ts';
import { parseEvent } from '../outbox/parse-event.ts';
import { PoisonError } from '../outbox/poison-error.ts';
import { requestType } from '../payments/payment-events.ts';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import type { EventQueue } from './event-queue.ts';

export interface QueueConsumerDependencies {
  readonly consumer: EventConsumer;
  readonly queue: EventQueue;
  /** The number of receives after which a message becomes a dead letter. */
  readonly maxReceiveCount: number;
  readonly metrics: BusinessMetrics;
  readonly logger: Logger;
}

interface Failure {
  readonly record: SQSRecord;
  readonly seconds: number;
}

/**
 * Consumes a batch of a FIFO queue: payments concurrently, the events of each payment in order.
 *
 * A failed event is redelivered with exponential backoff, together with the later events of its payment. A poison event, or one that has
 * reached `maxReceiveCount`, is sent to the dead-letter queue with the reason.
 *
 * @returns the messages to redeliver (partial batch response)
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export async function consumeMessages(
  dependencies: QueueConsumerDependencies,
  records: readonly SQSRecord[],
): Promise<SQSBatchResponse> {
  const groups = new Map<string | undefined, SQSRecord[]>();
  for (const record of records) {
    const { MessageGroupId: group } = record.attributes;
    groups.set(group, [...(groups.get(group) ?? []), record]);
  }
  const failures = (await Promise.all([...groups.values()].map((group) => consumeGroup(dependencies, group)))).flat();
  if (failures.length > 0) {
    await dependencies.queue.changeVisibility(failures).catch((error: unknown) => {
      dependencies.logger.warn(
        { err: error },
        "visibility timeout could not be changed; failed messages are redelivered after the queue's default",
      );
    });
  }
  return { batchItemFailures: failures.map(({ record }) => ({ itemIdentifier: record.messageId })) };
}

async function consumeGroup(dependencies: QueueConsumerDependencies, group: readonly SQSRecord[]): Promise<Failure[]> {
  for (const [index, record] of group.entries()) {
    if (await isDone(dependencies, record)) continue;
    const seconds = retryDelaySeconds(receivesOf(record));
    return group.slice(index).map((waiting) => ({ record: waiting, seconds }));
  }
  return [];
}

/** Consumes a message, or sends it to the dead-letter queue. Returns `false` when it should be redelivered. */
async function isDone(dependencies: QueueConsumerDependencies, record: SQSRecord): Promise<boolean> {
  const { consumer, queue, maxReceiveCount, metrics, logger } = dependencies;
  const { messageId, messageAttributes } = record;
  const ofMessage = logger.child({ messageId, receives: receivesOf(record) });
  // If the body cannot be parsed, the message attribute still has the correlation id.
  let log = ofMessage.child({ correlationId: messageAttributes['correlationId']?.stringValue });
  let type: string | undefined;
  try {
    const event = parseEvent(record.body);
    type = event.type;
    log = ofMessage.child(consumerEventFields(event));
    await consumer.consume(event);
    log.info('event consumed');
    return true;
  } catch (error) {
    if (!(error instanceof PoisonError) && receivesOf(record) < maxReceiveCount) {
      log.warn({ err: error }, 'event could not be consumed; it will be redelivered');
      return false;
    }
    log.error({ err: error }, 'event cannot be consumed; sending it to the dead-letter queue');
    try {
      await queue.sendToDeadLetterQueue(record, (error as Error).message);
    } catch (queueError) {
      log.error({ err: queueError }, 'sending to the dead-letter queue failed; the event will be redelivered');
      return false;
    }
    if (type === requestType) metrics.queuedPaymentFailed();
    return true;
  }
}

function receivesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}

/** 10, 30, 90, … seconds, at most 15 minutes. */
function retryDelaySeconds(receives: number): number {
  return Math.min(10 * 3 ** (receives - 1), 900);
}
