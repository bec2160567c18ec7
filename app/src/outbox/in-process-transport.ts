import type { Logger } from 'pino';
import { type EventConsumer, lineOf, nameOf, ofConsumer } from './event-consumer.ts';
import type { OutboxEvent, OutboxTransport } from './outbox-event.ts';
import { PoisonError } from './poison-error.ts';
import { requestType } from '../payments/payment-events.ts';

/**
 * How many payments are taken at the same time, each of which waits for the acquirer: so many that a whole delivery of them ends before its
 * lease does, even when the acquirer answers none. What needs only to be counted, is so at once.
 */
const concurrency = 64;

/** A line of the log lists at most so many events: whatever carries logs away may cut one at 16 KiB. */
const eventsOfLine = 50;

/**
 * Hands events to the consumer within the process: the platform without a queue.
 *
 * The outbox is the queue then: what fails is delivered again after its lease, for ever, and what can never be consumed is parked with the
 * reason. Events may overtake each other within one delivery: one that asks for a payment is the only one of its payment, and whatever
 * else there is is only counted.
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
        } catch (error) {
          logger.warn({ ...lineOf(event), err: error }, 'event could not be consumed; it will be redelivered');
        }
      };
      const payments = events.filter(({ type }) => type === requestType).values();
      const takePayments = async () => {
        for (const event of payments) await consume(event);
      };
      await Promise.all([
        ...Array.from({ length: concurrency }, takePayments),
        ...events.filter(({ type }) => type !== requestType).map(consume),
      ]);
      for (let start = 0; start < consumed.length; start += eventsOfLine) {
        const named = consumed.slice(start, start + eventsOfLine).map(nameOf);
        logger.info({ ...ofConsumer, events: named }, 'events consumed');
      }
      return delivered;
    },
  };
}

/** Consumes an event, or parks it. @throws when it is to be delivered again */
async function isConsumed(consumer: EventConsumer, event: OutboxEvent, logger: Logger): Promise<boolean> {
  try {
    await consumer.consume(event);
    return true;
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    await consumer.park(event, error.message);
    logger.error({ ...lineOf(event), err: error }, 'event cannot be consumed; it is parked');
    return false;
  }
}
