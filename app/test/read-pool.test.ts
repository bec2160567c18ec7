import type pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../src/app.ts';
import { noMetrics } from '../src/telemetry/business-metrics.ts';
import { startPlatform, type TestPlatform } from './support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

/** How many transactions a request runs on the readers. */
async function readsOn(path: string): Promise<number> {
  const { api } = platform.database;
  let reads = 0;
  const readPool = new Proxy(api, {
    get(target, property, receiver): unknown {
      if (property !== 'connect') return Reflect.get(target, property, receiver);
      return () => {
        reads += 1;
        return target.connect();
      };
    },
  }) satisfies pg.Pool;
  const app = await buildApp({
    pool: api,
    readPool,
    payments: platform.payments,
    metrics: noMetrics,
    logger: pino({ level: 'silent' }),
    session: { timeToLiveMinutes: 30, secureCookie: true },
  });
  const headers = { authorization: `Bearer ${platform.apiKey}` };
  const { statusCode } = await app.inject({ url: `/api/v1${path}`, headers });
  expect(statusCode).toBe(200);
  await app.close();
  return reads;
}

test.each(['/ledger/entries', '/ledger/balances', '/summary/daily'])(
  '%s, which may lag behind, is read from the readers, and who asks is not',
  async (path) => {
    expect(await readsOn(path)).toBe(1);
  },
);

test('a payment, its entries and the list of payments are read where they were written', async () => {
  const { id } = await platform.pay();
  for (const path of ['/payments', `/payments/${id}`, `/payments/${id}/entries`, `/payments/${id}/events`]) {
    expect(await readsOn(path)).toBe(0);
  }
});
