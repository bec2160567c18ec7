import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { OutboxEvent } from '../src/outbox/outbox-event.ts';
import { handler } from '../src/worker.ts';
import { startPlatform, type TestPlatform } from './support/platform.ts';

let platform: TestPlatform;
const directory = mkdtempSync(join(tmpdir(), 'payments-worker-'));
beforeAll(async () => {
  platform = await startPlatform();
  const { host, port, name } = platform.database;
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, 'worker');
  const environment = {
    ENVIRONMENT_NAME: 'test',
    LOG_LEVEL: 'silent',
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: name,
    DATABASE_USER: 'payments_worker',
    DATABASE_AUTHENTICATION: 'password-file',
    DATABASE_PASSWORD_FILE: passwordFile,
    DATABASE_TLS: 'disable',
  };
  for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
  await platform.close();
});

function eventOf(merchantId: string): OutboxEvent {
  return {
    id: randomUUID(),
    merchantId,
    paymentId: randomUUID(),
    type: 'payment.captured',
    payload: { amountMinor: 500, currency: 'EUR', detail: null },
    createdAt: '2026-03-31T12:00:00.000Z',
  };
}

/** A batch of messages, numbered from one. */
function batchOf(...bodies: unknown[]): SQSEvent {
  const records = bodies.map((body, index) => ({ messageId: `message-${index + 1}`, body: JSON.stringify(body) }));
  return { Records: records as SQSEvent['Records'] };
}

async function capturedSoFar(): Promise<number> {
  const { rows } = await platform.database.superuser.query<{ captured: number }>(
    'SELECT coalesce(sum(captured_minor), 0)::bigint AS captured FROM payments.daily_totals WHERE merchant_id = $1',
    [platform.merchantId],
  );
  return rows[0]?.captured ?? -1;
}

test('a batch is consumed, each event once however often it comes', async () => {
  const before = await capturedSoFar();
  const [first, second] = [eventOf(platform.merchantId), eventOf(platform.merchantId)];
  expect(await handler(batchOf(first, second, first))).toEqual({ batchItemFailures: [] });
  expect(await handler(batchOf(second))).toEqual({ batchItemFailures: [] });
  expect((await capturedSoFar()) - before).toBe(1000);
});

test('from the first event that fails on, all are delivered again, so that none overtakes another', async () => {
  const before = await capturedSoFar();
  const [sound, late] = [eventOf(platform.merchantId), eventOf(platform.merchantId)];
  const { batchItemFailures } = await handler(batchOf(sound, eventOf(randomUUID()), late));
  expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-2' }, { itemIdentifier: 'message-3' }]);
  expect((await capturedSoFar()) - before).toBe(500);
});

test('a connection that breaks between two batches is replaced', async () => {
  await handler(batchOf(eventOf(platform.merchantId)));
  const { rowCount } = await platform.database.superuser.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1 AND usename = 'payments_worker'`,
    [platform.database.name],
  );
  expect(rowCount).toBeGreaterThan(0);
  const before = await capturedSoFar();
  expect(await handler(batchOf(eventOf(platform.merchantId)))).toEqual({ batchItemFailures: [] });
  expect((await capturedSoFar()) - before).toBe(500);
});
