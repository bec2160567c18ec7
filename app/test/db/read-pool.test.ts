import type pg from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApp } from '../../src/app.ts';
import { waitQueueOf } from '../../src/db/wait-queue.ts';
import { noMetrics } from '../../src/telemetry/business-metrics.ts';
import { expectProblem } from '../support/problem.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

/** An API that counts the connections to its reader. */
async function appWithReaders(onConnect: () => void) {
  const { api } = platform.database;
  const readPool = new Proxy(api, {
    get(target, property, receiver): unknown {
      if (property !== 'connect') return Reflect.get(target, property, receiver);
      return () => {
        onConnect();
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
    loadShedding: { longestWaitMilliseconds: 500 },
  });
  const ask = (path: string) =>
    app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${platform.apiKey}` } });
  return { app, readPool, ask };
}

/** The number of queries of a request on the reader. */
async function readsOn(path: string): Promise<number> {
  let reads = 0;
  const { app, ask } = await appWithReaders(() => (reads += 1));
  expect((await ask(path)).statusCode).toBe(200);
  await app.close();
  return reads;
}

test('a saturated reader rejects only the requests that need it', async () => {
  const { app, readPool, ask } = await appWithReaders(() => undefined);
  const line = waitQueueOf(readPool);
  const leave = line.join();
  await expect.poll(() => line.ageMilliseconds).toBeGreaterThan(500);
  expectProblem(await ask('/ledger/balances'), 503, 'overloaded');
  expect((await ask('/payments')).statusCode).toBe(200);
  leave();
  expect((await ask('/ledger/balances')).statusCode).toBe(200);
  await app.close();
});

test.each(['/ledger/entries', '/ledger/balances', '/summary/daily', '/summary/declines'])(
  '%s is served by the reader, but its authentication by the writer',
  async (path) => {
    expect(await readsOn(path)).toBe(1);
  },
);

test('a payment, its entries and the list of payments are served by the writer', async () => {
  const { id } = await platform.pay();
  for (const path of ['/payments', `/payments/${id}`, `/payments/${id}/entries`, `/payments/${id}/events`]) {
    expect(await readsOn(path)).toBe(0);
  }
});
