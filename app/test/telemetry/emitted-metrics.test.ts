import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { handler } from '../../src/worker.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { consumerEnvironment } from '../support/consumer-environment.ts';
import { createDatabaseGate } from '../support/database-gate.ts';
import { emittedMetrics } from '../support/emitted-metrics.ts';
import { eventually } from '../support/eventually.ts';
import { answerOfQueues, FifoQueue, sentEvent } from '../support/fifo-queue.ts';
import type { TestDatabase } from '../support/database.ts';
import { deliveredEvent, drain } from '../support/outbox.ts';
import { newMerchant, newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';
import { type Answer, ask, serverEnvironment, startServer } from '../support/server-process.ts';

/*
 * The metrics that the API and the queue consumer emit, in `emitted-metrics.json`. The tests of the
 * infrastructure compare alarms and dashboards with it. `npx vitest run test/telemetry/emitted-metrics.test.ts --update` rewrites it.
 */

const clock = { seconds: 0 };
const deadLetters = new FifoQueue('dead-letters', clock);
const queue = new FifoQueue('events', clock, { deadLetters, maxReceiveCount: 3 });
const directory = mkdtempSync(join(tmpdir(), 'emitted-metrics-'));

let platform: TestPlatform;
let aws: AwsEndpoint;
beforeAll(async () => {
  platform = await startPlatform();
  aws = await startAwsEndpoint(answerOfQueues([queue, deadLetters]));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
  await aws.close();
  await platform.close();
});

/** Runs the API as a process: approved, declined, refunded, asynchronous and failing requests, and a parked webhook. */
async function linesOfApi(): Promise<readonly string[]> {
  const { database } = platform;
  const gate = await createDatabaseGate(database.port);
  await gate.open();
  const { apiKey } = await newMerchant(database, 'Measured merchant');
  const webhookKeyFile = join(directory, 'webhook-key');
  writeFileSync(webhookKeyFile, randomBytes(32).toString('base64url'));
  const { process, url } = await startServer({
    ...serverEnvironment(database),
    DATABASE_PORT: String(gate.port),
    WEBHOOK_KEY_FILE: webhookKeyFile,
    LOOPBACK_WEBHOOKS: 'true',
  });
  const post = (path: string, payload: object) =>
    ask(`${url}/api/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': randomUUID() },
      payload,
    });
  // Nothing listens there.
  const endpoint = { url: 'http://127.0.0.1:1/', eventTypes: ['payment.declined'] };
  expect(await post('/webhook-endpoints', endpoint)).toMatchObject({ statusCode: 201 });
  const payment = { amountMinor: 1000, currency: 'EUR', paymentToken: 'tok_approve', capture: 'automatic' };
  const { body } = await post('/payments', payment);
  const { id } = JSON.parse(body) as { id: string };
  expect(await post(`/payments/${id}/refunds`, { amountMinor: 200 })).toMatchObject({ statusCode: 201 });
  await post('/payments', { ...payment, paymentToken: 'tok_decline_stolen_card' });
  expect(await post('/payments?mode=async', payment)).toMatchObject({ statusCode: 202 });
  await eventually('the asynchronous payment is decided', async () => {
    const { rowCount } = await database.superuser.query(
      `SELECT FROM payments.payments WHERE status IN ('created', 'processing')`,
    );
    return rowCount === 0;
  });
  await parkWebhooks(database);
  await refuseRequest(database, () =>
    ask(`${url}/api/v1/payments`, { headers: { authorization: `Bearer ${apiKey}` } }),
  );
  await gate.shut();
  expect(await post('/payments', payment)).toMatchObject({ statusCode: 503 });
  // The client may have the response before the API has counted it; the API counts a request before it logs it.
  await process.line('"statusCode":503');
  await gate.open();
  process.kill('SIGTERM');
  expect(await process.ended).toBe(0);
  return process.output;
}

/** Lets the three days of the webhooks that have failed pass, until one is parked. */
async function parkWebhooks({ superuser }: TestDatabase): Promise<void> {
  await eventually('a webhook is parked', async () => {
    await superuser.query(
      'UPDATE payments.webhook_deliveries SET retry_until = now(), next_attempt_at = now() WHERE failures > 0 AND leased_until IS NULL',
    );
    const { rowCount } = await superuser.query(`SELECT FROM payments.webhook_deliveries WHERE status = 'parked'`);
    return rowCount === 1;
  });
}

/** Sends a request while a lock has kept another one waiting for longer than the API tolerates. */
async function refuseRequest({ superuser }: TestDatabase, send: () => Promise<Answer>): Promise<void> {
  const lock = await superuser.connect();
  await lock.query('BEGIN; LOCK TABLE payments.api_keys');
  const waiting = send();
  await sleep(1500);
  expect(await send()).toMatchObject({ statusCode: 503 });
  await lock.query('ROLLBACK');
  lock.release();
  await waiting;
}

/** Runs the consumer with an existing payment and an unknown one. */
async function linesOfConsumer(): Promise<readonly string[]> {
  const environment = consumerEnvironment({ database: platform.database, aws, queue, deadLetters, directory });
  for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
  await platform.post('/payments?mode=async', newPayment);
  const events = await drain(platform);
  const unknown = { type: 'payment.requested', paymentId: randomUUID() } as const;
  events.push(await deliveredEvent(platform, platform.merchantId, unknown));
  for (const event of events) queue.send(sentEvent(event));
  const lines: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  try {
    expect(await handler({ Records: queue.receive(10, 180) })).toEqual({ batchItemFailures: [] });
  } finally {
    write.mockRestore();
  }
  return lines;
}

test('API and consumer emit exactly the metrics of emitted-metrics.json', async () => {
  const api = emittedMetrics(await linesOfApi(), 'test');
  const consumer = emittedMetrics(await linesOfConsumer(), 'test');
  await expect(`${JSON.stringify({ api, consumer }, undefined, 2)}\n`).toMatchFileSnapshot(
    '../../emitted-metrics.json',
  );
});
