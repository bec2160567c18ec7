import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitQueueOf } from '../../src/db/wait-queue.ts';
import { noMetrics } from '../../src/telemetry/business-metrics.ts';
import { eventually } from '../support/eventually.ts';
import { changedAcquirer, newMerchant, newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';

/* Over real connections: a refusal never reaches Fastify. */

const limit = 20;
const heldToken = 'tok_approve_held';

let platform: TestPlatform;
let otherKey: string;
let port: number;
let acquirerIsReady = Promise.resolve();
const refusedPerSecond: number[] = [];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
beforeAll(async () => {
  platform = await startPlatform({
    acquirer: (simulator) =>
      changedAcquirer(simulator, {
        authorize: async (asked) => {
          if (asked.paymentToken === heldToken) await acquirerIsReady;
          return simulator.authorize(asked);
        },
      }),
    loadShedding: { longestWaitMilliseconds: 300_000, limit: { min: limit, max: limit } },
    metrics: { ...noMetrics, requestsRefused: (count) => refusedPerSecond.push(count) },
  });
  otherKey = (await newMerchant(platform.database, 'Another merchant')).apiKey;
  await platform.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = platform.app.server.address() as AddressInfo);
});
afterAll(async () => {
  agent.destroy();
  await platform.close();
});

let leave: (() => void)[] = [];
afterEach(() => {
  for (const each of leave) each();
  leave = [];
});

/** Puts items into the queue of the database that stay there. */
function fillQueue(items: number): void {
  const queue = waitQueueOf(platform.database.api);
  while (leave.length < items) leave.push(queue.join());
}

interface Response {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function send(
  method: string,
  path: string,
  payload?: object,
  key = platform.apiKey,
  idempotencyKey: string = randomUUID(),
): Promise<Response> {
  const outgoing = request({
    port,
    path,
    method,
    agent,
    headers: {
      authorization: `Bearer ${key}`,
      ...(payload && { 'content-type': 'application/json', 'idempotency-key': idempotencyKey }),
    },
  });
  outgoing.end(payload && JSON.stringify(payload));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

const pay = (key?: string, idempotencyKey?: string) =>
  send('POST', '/api/v1/payments', newPayment, key, idempotencyKey);
const list = () => send('GET', '/api/v1/payments');
const capture = (id: string) => send('POST', `/api/v1/payments/${id}/capture`, {});

test('a refused request receives a problem, and the next one on its connection an answer', async () => {
  fillQueue(limit);
  const refused = await pay();
  expect(refused.status).toBe(503);
  expect(refused.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'retry-after': expect.stringMatching(/^[123]$/) as string,
    'x-correlation-id': expect.stringMatching(/^[\w-]{8,128}$/) as string,
  });
  expect(refused.headers.connection).not.toBe('close');
  expect(JSON.parse(refused.body)).toEqual({
    type: '/problems/overloaded',
    title: 'Service overloaded',
    status: 503,
    detail: 'The service is overloaded. Retry after the delay in Retry-After.',
    instance: '/api/v1',
    correlationId: refused.headers['x-correlation-id'],
  });
  for (let left = 0; left < 4; left += 1) leave.pop()?.();
  expect((await pay()).status).toBe(201);
});

test('health is answered however many requests are refused', async () => {
  fillQueue(limit * 2);
  expect((await send('GET', '/health')).status).toBe(200);
  expect((await send('GET', '/ready')).status).toBe(200);
});

test('what finishes a payment is admitted when nothing new is: a capture, and a retry of an admitted request', async () => {
  const { id } = await platform.pay({ capture: 'manual' });
  const known = randomUUID();
  expect((await pay(platform.apiKey, known)).status).toBe(201);
  fillQueue(limit * 0.85);
  expect([(await list()).status, (await pay()).status]).toEqual([503, 503]);
  expect([(await capture(id)).status, (await pay(platform.apiKey, known)).status]).toEqual([200, 201]);
  fillQueue(limit);
  expect((await pay(platform.apiKey, known)).status).toBe(503);
});

test('a caller with many requests in progress is refused while another is served', async () => {
  let release: () => void = () => undefined;
  acquirerIsReady = new Promise((resolve) => (release = resolve));
  const held: Promise<number>[] = [];
  while (held.length < limit + 1) {
    held.push(...Array.from({ length: limit / 2 + 1 }, payOnOwnConnection));
    await eventually('all of them wait for the acquirer', async () => {
      const { rowCount } = await platform.database.superuser.query(
        `SELECT FROM payments.payments WHERE payment_token = '${heldToken}' AND status = 'processing'`,
      );
      return rowCount === held.length;
    });
  }
  fillQueue(limit * 0.7);
  expect([(await pay()).status, (await pay(otherKey)).status]).toEqual([503, 201]);
  release();
  expect(new Set(await Promise.all(held))).toEqual(new Set([201]));
});

/** A payment that the acquirer holds back. */
async function payOnOwnConnection(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/payments`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${platform.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify({ ...newPayment, paymentToken: heldToken }),
  });
  await response.text();
  return response.status;
}

test('the refusals of a second make one log line and one value of the metric', async () => {
  await eventually('earlier refusals are reported', () => refusedPerSecond.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  refusedPerSecond.length = 0;
  platform.log.length = 0;
  fillQueue(limit);
  for (let count = 0; count < 10; count += 1) await list();
  for (let count = 0; count < 5; count += 1) await pay();
  await eventually('they are reported', () => refusedPerSecond.length > 0);
  expect(refusedPerSecond).toEqual([15]);
  const lines = platform.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toEqual([
    expect.objectContaining({ msg: 'requests refused', reads: 10, writes: 5, followUps: 0, limit }),
  ]);
});
