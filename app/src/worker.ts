import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Pool } from 'pg';
import { createPool } from './db/pool.ts';
import { readEnvironment } from './environment.ts';
import { consumeEvent } from './outbox/event-consumer.ts';
import type { OutboxEvent } from './outbox/outbox-event.ts';
import { createLogger } from './telemetry/logger.ts';

let pool: Pool | undefined;

/** The queue consumer: consumes a batch of events and reports those that have to be delivered again. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  const environment = readEnvironment(process.env);
  const logger = createLogger(environment.logLevel, environment.environmentName);
  // A connection that breaks between two batches is replaced by the pool; without a listener it would end the process.
  pool ??= createPool(environment.database, 'payments-worker').on('error', (error) => {
    logger.warn({ err: error }, 'an idle database connection was lost');
  });
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of event.Records) {
    // In a FIFO queue, what follows a failure must wait for it.
    if (batchItemFailures.length > 0) {
      batchItemFailures.push({ itemIdentifier: messageId });
      continue;
    }
    try {
      await consumeEvent(pool, JSON.parse(body) as OutboxEvent);
    } catch (error) {
      logger.error({ err: error, messageId }, 'an event could not be consumed; it is delivered again');
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
