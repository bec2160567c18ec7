import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { EventConsumer } from '../../src/outbox/event-consumer.ts';
import { EventQueue } from '../../src/queue/event-queue.ts';
import { consumeMessages } from '../../src/queue/queue-consumer.ts';
import { noMetrics } from '../../src/telemetry/business-metrics.ts';
import { FifoQueue, sentEvent } from '../support/fifo-queue.ts';
import { drain } from '../support/outbox.ts';
import {
  changedAcquirer,
  newPayment,
  type PaymentBody,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';

const together = 5;
let platform: TestPlatform;
/** The number of concurrent requests to the acquirer, which responds when all have arrived. */
let asked: number;
let allAsked: Promise<void>;
let open: () => void;
beforeAll(async () => {
  platform = await startPlatform({
    acquirerTimeoutMilliseconds: 3000,
    acquirer: (simulator) =>
      changedAcquirer(simulator, {
        async authorize(request) {
          asked += 1;
          if (asked === together) open();
          await allAsked;
          return simulator.authorize(request);
        },
      }),
  });
});
beforeEach(() => {
  asked = 0;
  allAsked = new Promise((resolve) => {
    open = resolve;
  });
});
afterAll(() => platform.close());

async function ask(): Promise<string[]> {
  const answers = await Promise.all(
    Array.from({ length: together }, () => platform.post('/payments?mode=async', newPayment)),
  );
  return answers.map((answer) => answer.json<PaymentBody>().id);
}

async function statuses(ids: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(ids.map((id) => platform.get(`/payments/${id}`)));
  return answers.map((answer) => answer.json<PaymentBody>().status);
}

const authorized = Array.from({ length: together }, () => 'authorized');

test('payments wait for the acquirer concurrently, without a queue', async () => {
  const ids = await ask();
  await platform.consumeEvents();
  expect(await statuses(ids)).toEqual(authorized);
});

test('payments wait for the acquirer concurrently, with a queue', async () => {
  const ids = await ask();
  const queue = new FifoQueue(randomUUID(), { seconds: 0 });
  for (const event of await drain(platform)) queue.send(sentEvent(event));
  const logger = pino({ level: 'silent' });
  const dependencies = {
    consumer: new EventConsumer({ pool: platform.database.worker, payments: platform.payments, logger }),
    queue: new EventQueue(new SQSClient({ region: 'eu-south-2' }), { queueUrl: '', deadLetterQueueUrl: '' }),
    maxReceiveCount: 2,
    metrics: noMetrics,
    logger,
  };
  expect(await consumeMessages(dependencies, queue.receive(10, 180))).toEqual({ batchItemFailures: [] });
  expect(await statuses(ids)).toEqual(authorized);
});
