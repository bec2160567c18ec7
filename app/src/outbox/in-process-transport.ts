import type { Logger } from 'pino';
import { consumeEvent, consumerLog, type EventConsumerDependencies } from './event-consumer.ts';
import type { OutboxEvent, OutboxTransport } from './outbox-event.ts';
import { PoisonError } from './poison-error.ts';

/** How many events are consumed at the same time: those that wait for the acquirer must not hold up the others. */
const concurrency = 10;

/**
 * Hands events to the consumer within the process: the platform without a queue.
 *
 * The outbox is the queue then: what fails is delivered again after its lease, for ever, and what can never be consumed is parked with the
 * reason. Events may overtake each other within one delivery, which holds at most one of each payment.
 */
export function inProcessTransport(consumer: EventConsumerDependencies, logger: Logger): OutboxTransport {
  return {
    async deliver(events) {
      const delivered: string[] = [];
      const waiting = events.values();
      const work = async () => {
        for (const event of waiting) {
          const log = consumerLog(logger, event);
          try {
            await consumeOrPark(consumer, event, log);
            delivered.push(event.id);
          } catch (error) {
            log.warn({ err: error }, 'an event could not be consumed; it is delivered again');
          }
        }
      };
      await Promise.all(Array.from({ length: concurrency }, work));
      return delivered;
    },
  };
}

async function consumeOrPark(consumer: EventConsumerDependencies, event: OutboxEvent, log: Logger): Promise<void> {
  try {
    await consumeEvent(consumer, event);
    log.info('event consumed');
  } catch (error) {
    if (!(error instanceof PoisonError)) throw error;
    await consumer.pool.query('SELECT payments.park_event($1, $2)', [event.id, error.message]);
    log.error({ err: error }, 'an event can never be consumed; it is parked');
  }
}
