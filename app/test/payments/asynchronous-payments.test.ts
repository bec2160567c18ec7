import { randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prefersAsync } from '../../src/http/preferences.ts';
import { recoverStuckOperations } from '../../src/payments/recovery.ts';
import { type OpenApi, readOpenApi } from '../support/open-api.ts';
import { drain } from '../support/outbox.ts';
import {
  callerFor,
  endLease,
  newPayment,
  type PaymentBody,
  startPlatform,
  type TestPlatform,
} from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const preferred = { prefer: 'respond-async' };
const ask = (key: string = randomUUID(), headers: Record<string, string> = preferred, body: object = newPayment) =>
  platform.post('/payments', body, { 'idempotency-key': key, ...headers });
const idOf = (response: LightMyRequestResponse) => response.json<PaymentBody>().id;
const statusOf = async (id: string) => (await platform.get(`/payments/${id}`)).json<PaymentBody>().status;

describe('an asynchronous payment', () => {
  test('is stored and returned with 202 and Location before the acquirer is called', async () => {
    const charges = platform.acquirer.charges.length;
    const response = await ask();
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({ status: 'processing', amountMinor: 1000, capturedAmountMinor: 0 });
    expect(response.headers).toMatchObject({
      location: `/api/v1/payments/${idOf(response)}`,
      'retry-after': '2',
      'preference-applied': 'respond-async',
    });
    const asked = await platform.send({ method: 'GET', url: String(response.headers.location) });
    expect([asked.statusCode, asked.body]).toEqual([200, response.body]);
    expect(platform.acquirer.charges.length).toBe(charges);
    await platform.consumeEvents();
    expect(await statusOf(idOf(response))).toBe('authorized');
    expect(platform.acquirer.charges.length).toBe(charges + 1);
  });

  test('can be requested by query, without Preference-Applied', async () => {
    const response = await platform.post('/payments?mode=async', newPayment);
    expect([response.statusCode, response.headers['preference-applied']]).toEqual([202, undefined]);
    await platform.consumeEvents();
    expect(await statusOf(idOf(response))).toBe('authorized');
  });

  test.each(['async&mode=async', 'sync', '', 'ASYNC'])('is rejected with mode=%s', async (mode) => {
    expectProblem(await platform.post(`/payments?mode=${mode}`, newPayment), 400, 'validation-failed');
  });

  test('returns 202 for the same key until it is decided, and then the outcome', async () => {
    const key = randomUUID();
    const first = await ask(key);
    const again = await ask(key);
    expect([again.statusCode, again.body, again.headers.location]).toEqual([202, first.body, first.headers.location]);
    expect(again.headers['idempotent-replayed']).toBe('true');
    await platform.consumeEvents();
    const outcome = await ask(key);
    expect(outcome.statusCode).toBe(201);
    expect(outcome.json()).toMatchObject({ id: idOf(first), status: 'authorized' });
    expect(outcome.headers).toMatchObject({ 'idempotent-replayed': 'true' });
    expect(outcome.headers).not.toHaveProperty('preference-applied');
    expect((await ask(key)).body).toBe(outcome.body);
  });

  test('stays asynchronous if a retry has no preference or uses the query', async () => {
    const key = randomUUID();
    const first = await ask(key);
    const plain = await ask(key, {});
    expect([plain.statusCode, plain.body, plain.headers['preference-applied']]).toEqual([202, first.body, undefined]);
    const inAddress = await platform.post('/payments?mode=async', newPayment, { 'idempotency-key': key });
    expect([inAddress.statusCode, inAddress.body]).toEqual([202, first.body]);
  });

  test('is rejected under a key of another request', async () => {
    const key = randomUUID();
    await ask(key);
    expectProblem(await ask(key, preferred, { ...newPayment, amountMinor: 1 }), 422, 'idempotency-key-reused');
  });

  test('is created once by concurrent requests', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(key)));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotent-replayed'] === undefined)).toHaveLength(1);
  });

  test('that is declined ends as declined', async () => {
    const key = randomUUID();
    const body = { ...newPayment, paymentToken: 'tok_decline_stolen_card' };
    await ask(key, preferred, body);
    await platform.consumeEvents();
    const outcome = await ask(key, preferred, body);
    expect([outcome.statusCode, outcome.json<PaymentBody>().declineCode]).toEqual([201, 'stolen_card']);
  });

  test('rejects other operations before it is decided', async () => {
    const id = idOf(await ask());
    expectProblem(await platform.post(`/payments/${id}/capture`, {}), 409, 'invalid-state');
    await platform.consumeEvents();
    expect((await platform.post(`/payments/${id}/capture`, {})).statusCode).toBe(200);
  });

  test('has a normal timeline and one request in the outbox', async () => {
    await platform.consumeEvents();
    const id = idOf(await ask(randomUUID(), preferred, { ...newPayment, capture: 'automatic' }));
    const [request, ...others] = await drain(platform);
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      paymentId: id,
      merchantId: platform.merchantId,
      type: 'payment.requested',
      payload: { amountMinor: 1000, currency: 'EUR', detail: null },
    });
    expect(await platform.payments.finish(callerFor(platform.merchantId), request?.id ?? '')).toBe('finished');
    const { items } = (await platform.get(`/payments/${id}/events`)).json<{ items: { type: string }[] }>();
    expect(items.map(({ type }) => type)).toEqual(['payment.created', 'payment.authorized', 'payment.captured']);
  });
});

describe('the recovery', () => {
  const recover = () => recoverStuckOperations({ ...platform, pool: platform.database.api }, 0);
  const acceptedAgo = (key: string, seconds: number) =>
    platform.database.superuser.query(
      'UPDATE payments.idempotency_keys SET created_at = now() - make_interval(secs => $2) WHERE key = $1',
      [key, seconds],
    );

  test('leaves a queued payment to its consumer for 15 minutes, then finishes it', async () => {
    await recover();
    const key = randomUUID();
    const id = idOf(await ask(key));
    await acceptedAgo(key, 14 * 60);
    expect(await recover()).toBe(0);
    await acceptedAgo(key, 16 * 60);
    expect(await recover()).toBe(1);
    expect(await statusOf(id)).toBe('authorized');
    // Its event arrives late and has no effect.
    const charges = platform.acquirer.charges.length;
    await platform.consumeEvents();
    expect(platform.acquirer.charges.length).toBe(charges);
  });

  test('and the consumer do not process one payment at the same time', async () => {
    const key = randomUUID();
    await ask(key);
    const { rows } = await platform.database.superuser.query<{ id: string }>(
      'UPDATE payments.idempotency_keys SET leased_until = now() + $2::interval WHERE key = $1 RETURNING operation_id AS id',
      [key, '30 seconds'],
    );
    const finish = () => platform.payments.finish(callerFor(platform.merchantId), rows[0]?.id ?? '');
    expect(await finish()).toBe('held');
    await endLease(platform, key);
    expect(await finish()).toBe('finished');
  });
});

describe('the preference', () => {
  test.each([
    'respond-async',
    'Respond-Async',
    'wait=10, respond-async',
    'respond-async; x=1, wait=5',
    'return="a, b\\"c", respond-async',
    ' respond-async ',
  ])('is read from Prefer: %s', (prefer) => {
    expect(prefersAsync({ headers: { prefer } })).toBe(true);
  });

  test.each([
    undefined,
    '',
    'respond-asynchronously',
    'x-respond-async',
    'wait="respond-async"',
    'note="a, respond-async, b"',
    'wait=respond-async',
  ])('is not read from Prefer: %s', (prefer) => {
    expect(prefersAsync({ headers: { ...(prefer !== undefined && { prefer }) } })).toBe(false);
  });
});

test('the OpenAPI document describes the preference and the response headers', async () => {
  const { paths } = (await readOpenApi(platform.app)) satisfies OpenApi;
  const create = paths['/api/v1/payments']?.['post'];
  expect(create?.parameters?.map(({ name, in: place, required }) => [name, place, required])).toEqual([
    ['mode', 'query', false],
    ['Idempotency-Key', 'header', true],
    ['Prefer', 'header', false],
  ]);
  const answer = create?.responses['202'] as { headers?: object; description?: string };
  expect(Object.keys(answer.headers ?? {})).toEqual(['Location', 'Retry-After', 'Preference-Applied']);
  expect(answer.description).toMatch(/Idempotency-Key/);
});
