import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createAcquirer } from './acquirer/create-acquirer.ts';
import { createPool } from './db/pool.ts';
import { EventConsumer } from './outbox/event-consumer.ts';
import { PaymentService } from './payments/payment-service.ts';
import { readConsumerSettings } from './queue/consumer-environment.ts';
import { EventQueue } from './queue/event-queue.ts';
import { consumeMessages, type QueueConsumerDependencies } from './queue/queue-consumer.ts';
import { EmbeddedMetrics } from './telemetry/embedded-metrics.ts';
import { messageAndCode } from './telemetry/error-fields.ts';
import { createLogger } from './telemetry/logger.ts';

type Worker = QueueConsumerDependencies & { readonly metrics: EmbeddedMetrics };

let worker: Worker | undefined;

/** Lambda handler of the queue consumer: consumes a batch of events and returns the ids of the messages to retry. */
export async function handler(event: SQSEvent): Promise<SQSBatchResponse> {
  worker ??= await startWorker();
  try {
    return await consumeMessages(worker, event.Records);
  } finally {
    // Lambda may freeze the process until the next invocation.
    worker.metrics.flush();
  }
}

async function startWorker(): Promise<Worker> {
  const { environment, maxReceiveCount, ...urls } = readConsumerSettings(process.env);
  const { environmentName, logLevel, database } = environment;
  const logger = createLogger(logLevel, environmentName);
  const metrics = new EmbeddedMetrics(environmentName, (line) => process.stdout.write(`${line}\n`));
  // The pool replaces an idle connection that breaks. Without a listener, the error event would stop the process.
  const pool = createPool(database, 'payments-worker').on('error', (error) => {
    const { message: reason, code } = messageAndCode(error);
    logger.warn({ code, reason }, 'an idle database connection was lost');
  });
  const { acquirer } = await createAcquirer(environment.acquirer, { pool, logger });
  const payments = new PaymentService({ pool, metrics, logger, acquirer });
  const queue = new EventQueue(new SQSClient(), urls);
  return { consumer: new EventConsumer({ pool, payments, logger }), queue, maxReceiveCount, metrics, logger };
}
