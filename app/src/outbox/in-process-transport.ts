import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { consumeEvent } from './event-consumer.ts';
import type { OutboxTransport } from './outbox-event.ts';

/** Hands events to the consumer within the process: the platform without a queue. */
export function inProcessTransport(pool: Pool, logger: Logger): OutboxTransport {
  return {
    async deliver(events) {
      const delivered: string[] = [];
      for (const event of events) {
        try {
          await consumeEvent(pool, event);
          delivered.push(event.id);
        } catch (error) {
          logger.error({ err: error, eventId: event.id }, 'an event could not be consumed; it is delivered again');
        }
      }
      return delivered;
    },
  };
}
