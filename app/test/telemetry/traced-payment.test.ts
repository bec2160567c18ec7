import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changedAcquirer, newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';
import { type LoggedSpan, type RecordedTracing, recordTraces } from '../support/tracing.ts';

let platform: TestPlatform;
let recorded: RecordedTracing;
let seen = 0;
let acquirerFails = false;
beforeAll(async () => {
  recorded = await recordTraces();
  platform = await startPlatform({
    tracing: recorded.tracing,
    acquirer: (simulator) =>
      changedAcquirer(simulator, {
        authorize: (request) =>
          acquirerFails ? Promise.reject(new Error('no route to bank.example')) : simulator.authorize(request),
      }),
  });
});
beforeEach(() => {
  seen = recorded.spans().length;
});
afterAll(() => platform.close());

const spans = () => recorded.spans().slice(seen);

/** Each span as the path of its names from the root. */
function paths(all: readonly LoggedSpan[]): string[] {
  const byId = new Map(all.map((span) => [span.spanId, span]));
  const path = ({ name, parentSpanId }: LoggedSpan): string => {
    const parent = parentSpanId === undefined ? undefined : byId.get(parentSpanId);
    return parent ? `${path(parent)} > ${name}` : name;
  };
  return all.map(path).sort();
}

const pay = (headers: Record<string, string> = {}, query = '') =>
  platform.post(`/payments${query}`, newPayment, { 'x-correlation-id': 'order-4711', ...headers });

test('a payment is one trace, from the request to the consumer of its events', async () => {
  expect((await pay()).statusCode).toBe(201);
  await platform.consumeEvents();
  const post = 'POST /api/v1/payments';
  const delivery = `${post} > deliver payment.authorized`;
  expect(paths(spans())).toEqual(
    [
      post,
      `${post} > authentication`,
      `${post} > database transaction`,
      `${post} > acquirer`,
      `${post} > database transaction`,
      delivery,
      `${delivery} > consume payment.authorized`,
      `${delivery} > consume payment.authorized > database statement`,
    ].sort(),
  );
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(spans().map(({ correlationId }) => correlationId))).toEqual(new Set(['order-4711']));
  expect(spans().find(({ name }) => name === post)).toMatchObject({
    'http.request.method': 'POST',
    'http.route': '/api/v1/payments',
    'http.response.status_code': 201,
  });
});

test('an asynchronous payment is one trace', async () => {
  expect((await pay({ prefer: 'respond-async' })).statusCode).toBe(202);
  await platform.consumeEvents();
  expect(paths(spans())).toContain(
    'POST /api/v1/payments > deliver payment.requested > consume payment.requested > acquirer',
  );
  expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(spans().map(({ correlationId }) => correlationId))).toEqual(new Set(['order-4711']));
});

test('an unsampled request and its events create no spans', async () => {
  const root = '1-5759e988-bd862e3fe1be46a994272793';
  const unwanted = { 'x-amzn-trace-id': `Root=${root};Parent=53995c3f42cd8ad8;Sampled=0` };
  expect((await pay(unwanted)).statusCode).toBe(201);
  const { rows } = await platform.database.superuser.query<{ header: string }>(
    'SELECT trace_header AS header FROM payments.outbox WHERE delivered_at IS NULL',
  );
  expect(rows[0]?.header).toMatch(new RegExp(`^Root=${root};Parent=[0-9a-f]{16};Sampled=0$`));
  await platform.consumeEvents();
  expect(spans()).toEqual([]);
});

test('spans contain no credential, token, body or path', async () => {
  const id = randomUUID();
  await platform.post('/payments', { ...newPayment, reference: 'ref-of-body', description: 'a gift for Ann' });
  await platform.get(`/payments/${id}?query=of-client`);
  await platform.get('/payments?reference=ref-of-query');
  await platform.consumeEvents();
  const told = JSON.stringify(spans());
  expect(told).toContain('GET /api/v1/payments/:id');
  for (const secret of [platform.apiKey, 'pk_', 'tok_', 'ref-of', 'Ann', 'of-client', id])
    expect(told).not.toContain(secret);
});

test('failed spans have an error type without the message', async () => {
  acquirerFails = true;
  expect((await pay()).statusCode).toBe(500);
  acquirerFails = false;
  expect(spans().filter((span) => 'error.type' in span)).toMatchObject([
    { name: 'acquirer', 'error.type': 'Error' },
    { name: 'POST /api/v1/payments', 'error.type': '500', 'http.response.status_code': 500 },
  ]);
  expect(JSON.stringify(spans())).not.toContain('bank.example');
});

test('health checks are not traced', async () => {
  await platform.app.inject('/health');
  await platform.app.inject('/ready');
  expect(spans()).toEqual([]);
});
