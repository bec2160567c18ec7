import type { Logger } from 'pino';
import { type EventConsumer, consumerEventFields, eventFields, consumerFields } from './event-consumer.ts';
import type { OutboxEvent, OutboxTransport } from './outbox-event.ts';
import { PoisonError } from './poison-error.ts';
import { requestType } from '../payments/payment-events.ts';

/**
 * The number of payments that are processed concurrently. With 64, a full delivery ends within its lease even if every call to the acquirer
 * times out. Other events need only the database and have no limit.
 */
const concurrency = 64;

/** The maximum number of events in a log line, because log drivers may split lines at 16 KiB. */
const eventsOfLine = 50;

/**
 * Passes events to the consumer in the same process, for environments without a queue.
 *
 * The outbox acts as the queue: a failed event is redelivered after its lease without limit, and a poison event is parked with the reason.
 * Payments are consumed concurrently, the events of each payment in order, because webhooks keep it.
 */
export function inProcessTransport(consumer: EventConsumer, logger: Logger): OutboxTransport {
  return {
    async deliver(events) {
      const delivered: string[] = [];
      const consumed: OutboxEvent[] = [];
      const consume = async (event: OutboxEvent) => {
        try {
          if (await isConsumed(consumer, event, logger)) consumed.push(event);
          delivered.push(event.id);
          return true;
        } catch (error) {
          logger.warn(
            { ...consumerEventFields(event), err: error },
            'event could not be consumed; it will be redelivered',
          );
          return false;
        }
      };
      const consumeInOrder = async (ofPayment: readonly OutboxEvent[]) => {
        for (const event of ofPayment) if (!(await consume(event))) return;
      };
      const payments = events.filter(({ type }) => type === requestType).values();
      const takePayments = async () => {
        for (const event of payments) await consume(event);
      };
      await Promise.all([
        ...Array.from({ length: concurrency }, takePayments),
        ...byPayment(events.filter(({ type }) => type !== requestType)).map(consumeInOrder),
      ]);
      for (let start = 0; start < consumed.length; start += eventsOfLine) {
        const named = consumed.slice(start, start + eventsOfLine).map(eventFields);
        logger.info({ ...consumerFields, events: named }, 'events consumed');
      }
      return delivered;
    },
  };
}

/** The events of each payment, in their order. */
function byPayment(events: readonly OutboxEvent[]): OutboxEvent[][] {
  const groups = new Map<string, OutboxEvent[]>();
  for (const event of events) {
    const group = groups.get(event.paymentId);
    if (group) group.push(event);
    else groups.set(event.paymentId, [event]);
  }
  return [...groups.values()];
}

/** Consumes an event, or parks it. @throws when it should be redelivered */
async function isConsumed(consumer: EventConsumer, event: OutboxEvent, logger: Logger): Promise<boolean> {
  try {
    await consumer.consume(event);
    return true;
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    await consumer.park(event, error.message);
    logger.error({ ...consumerEventFields(event), err: error }, 'event cannot be consumed; it is parked');
    return false;
  }
}
