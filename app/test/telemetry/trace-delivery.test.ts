import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTracing } from '../../src/telemetry/start-tracing.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { newMerchant, newPayment } from '../support/platform.ts';
import { ask, serverEnvironment, startServer } from '../support/server-process.ts';
import { startUpstream } from '../support/upstream.ts';

let database: TestDatabase;
let apiKey: string;
beforeEach(async () => {
  database = await createTestDatabase();
  ({ apiKey } = await newMerchant(database, 'Test merchant'));
});
afterEach(() => database.drop());

const pay = async (url: string) => {
  const headers = {
    authorization: `Bearer ${apiKey}`,
    'idempotency-key': randomUUID(),
    'x-correlation-id': 'order-4711',
  };
  const payment = { method: 'POST', headers, payload: newPayment };
  let answer = await ask(`${url}/api/v1/payments`, payment);
  // On a busy machine, a server may return 503 just after its start.
  await eventually('the server has time', async () => {
    if (answer.statusCode !== 503) return true;
    answer = await ask(`${url}/api/v1/payments`, payment);
    return false;
  });
  return answer;
};

/** An API process that sends every span to a collector on this port. */
const startTraced = (port: number) =>
  startServer({
    ...serverEnvironment(database),
    TRACING: 'otlp',
    TRACING_SAMPLE_PERCENT: '100',
    TRACING_PORT: String(port),
  });

const portOf = (url: string) => Number(new URL(url).port);

interface SentSpan {
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}
interface Sent {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[] }[];
}

test('ended spans are exported on shutdown', async () => {
  const collector = await startUpstream((_request, response) => response.end('{}'));
  const { process, url } = await startTraced(portOf(collector.url));
  expect((await pay(url)).statusCode).toBe(201);
  process.kill('SIGTERM');
  expect(await process.ended).toBe(0);
  expect(new Set(collector.received.map((request) => request.url))).toEqual(new Set(['/v1/traces']));
  const spans = collector.received
    .flatMap(({ body }) => (JSON.parse(body) as Sent).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /api/v1/payments', 'acquirer', 'database transaction']),
  );
  for (const { attributes } of spans)
    expect(attributes).toContainEqual({ key: 'correlationId', value: { stringValue: 'order-4711' } });
  await collector.close();
});

test.each([
  ['is not there', false],
  ['takes connections and never answers', true],
])('a collector that %s delays neither requests nor the shutdown', async (_how, listens) => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as AddressInfo;
  if (!listens) await new Promise((resolve) => silent.close(resolve));
  const { process, url } = await startTraced(port);
  for (let payment = 0; payment < 5; payment += 1) expect((await pay(url)).statusCode).toBe(201);
  process.kill('SIGTERM');
  expect(await process.ended).toBe(0);
  silent.closeAllConnections();
  silent.close();
});

test('logs a failed export once and its recovery once', async () => {
  const collector = createServer((_request, response) => response.end('{}'));
  collector.listen(0, '127.0.0.1');
  await new Promise((resolve) => collector.once('listening', resolve));
  const { port } = collector.address() as AddressInfo;
  await new Promise((resolve) => collector.close(resolve));
  const log: string[] = [];
  const logger = pino({ messageKey: 'message' }, { write: (line: string) => log.push(line) });
  const environment = { exporter: 'otlp', samplePercent: 100, port, samplingPort: undefined } as const;
  const tracing = await startTracing(environment, 'test', logger);
  const told = () => log.map((line) => (JSON.parse(line) as { message: string }).message);
  // A full batch is exported immediately.
  const sendBatch = () => {
    for (let span = 0; span < 512; span += 1)
      tracing?.startSpan({ name: 'work', kind: 'server', cause: {}, correlationId: 'order-4711' }).end();
  };
  for (let batch = 0; batch < 3; batch += 1) sendBatch();
  await eventually('the failure is logged', () => told().length > 0);
  await new Promise((resolve) => {
    collector.listen(port, '127.0.0.1', () => {
      resolve(undefined);
    });
  });
  await eventually('the recovery is logged', () => {
    sendBatch();
    return told().length > 1;
  });
  await tracing?.stop();
  expect(told()).toEqual(['trace export failed; requests are not affected', 'trace export recovered']);
  collector.closeAllConnections();
  collector.close();
});
