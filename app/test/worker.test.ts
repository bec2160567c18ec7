import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler } from '../src/worker.ts';
import { type AwsEndpoint, startAwsEndpoint } from './support/aws-endpoint.ts';
import { consumerEnvironment } from './support/consumer-environment.ts';
import { answerOfQueues, FifoQueue, sentEvent } from './support/fifo-queue.ts';
import { deliveredEvent, drain } from './support/outbox.ts';
import { newPayment, type PaymentBody, startPlatform, type TestPlatform } from './support/platform.ts';

const clock = { seconds: 0 };
const deadLetters = new FifoQueue('dead-letters', clock);
const queue = new FifoQueue('events', clock, { deadLetters, maxReceiveCount: 3 });

let platform: TestPlatform;
let aws: AwsEndpoint;
const directory = mkdtempSync(join(tmpdir(), 'payments-worker-'));
beforeAll(async () => {
  platform = await startPlatform();
  aws = await startAwsEndpoint(answerOfQueues([queue, deadLetters]));
  const environment = consumerEnvironment({ database: platform.database, aws, queue, deadLetters, directory });
  for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
  await aws.close();
  await platform.close();
});

const batch = (): SQSEvent => ({ Records: queue.receive(10, 180) });

async function capturedSoFar(): Promise<number> {
  const { rows } = await platform.database.superuser.query<{ captured: number }>(
    'SELECT coalesce(sum(captured_minor), 0)::bigint AS captured FROM payments.daily_totals WHERE merchant_id = $1',
    [platform.merchantId],
  );
  return rows[0]?.captured ?? -1;
}

test('consumes a batch, and processes and measures a requested payment', async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  const { id } = (await platform.post('/payments?mode=async', newPayment)).json<PaymentBody>();
  for (const event of [...(await drain(platform)), await deliveredEvent(platform, platform.merchantId)]) {
    queue.send(sentEvent(event));
  }
  try {
    expect(await handler(batch())).toEqual({ batchItemFailures: [] });
  } finally {
    write.mockRestore();
  }
  expect((await platform.get(`/payments/${id}`)).json<PaymentBody>().status).toBe('authorized');
  expect(await capturedSoFar()).toBe(500);
  expect(lines.map((line) => JSON.parse(line) as Record<string, unknown>)).toMatchObject([
    {
      Environment: 'test',
      QueuedPaymentsFinished: [1],
      PaymentsApproved: [1],
      QueuedPaymentDuration: [expect.any(Number)],
    },
  ]);
});

test('sends a poison event to the dead-letter queue with its reason', async () => {
  queue.send(sentEvent(await deliveredEvent(platform, platform.merchantId, { paymentId: randomUUID() })));
  expect(await handler(batch())).toEqual({ batchItemFailures: [] });
  const [letter] = deadLetters.messages;
  expect(letter?.MessageAttributes).toMatchObject({
    Reason: { StringValue: expect.stringMatching(/^Merchant .* has no payment/) as string },
  });
});

test('replaces a connection that breaks between two batches', async () => {
  const event = async () => queue.send(sentEvent(await deliveredEvent(platform, platform.merchantId)));
  await event();
  await handler(batch());
  const { rowCount } = await platform.database.superuser.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND usename = 'payments_worker'`,
    [platform.database.name],
  );
  expect(rowCount).toBeGreaterThan(0);
  const before = await capturedSoFar();
  await event();
  expect(await handler(batch())).toEqual({ batchItemFailures: [] });
  expect((await capturedSoFar()) - before).toBe(500);
});
