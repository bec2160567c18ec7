import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { noMetrics } from '../../src/telemetry/business-metrics.ts';
import {
  changedAcquirer,
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

async function paymentNow(id: string): Promise<PaymentBody> {
  return (await platform.get(`/payments/${id}`)).json<PaymentBody>();
}

describe('creating a payment', () => {
  test.each([
    ['tok_approve', 'manual', 'authorized', 0],
    ['tok_approve', 'automatic', 'captured', 1000],
    ['tok_slow', 'manual', 'authorized', 0],
    ['tok_duplicate', 'manual', 'authorized', 0],
    ['tok_duplicate', 'automatic', 'captured', 1000],
  ])('%s with %s capture is %s, and charged once', async (paymentToken, capture, status, capturedAmountMinor) => {
    const before = platform.acquirer.charges.length;
    const payment = await platform.pay({ paymentToken, capture, reference: 'order 7', description: 'Two books' });
    expect(payment).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/) as string,
      status,
      amountMinor: 1000,
      capturedAmountMinor,
      refundedAmountMinor: 0,
      currency: 'EUR',
      paymentToken,
      reference: 'order 7',
      description: 'Two books',
      declineCode: null,
      metadata: {},
      nextAction: null,
      createdAt: expect.stringMatching(/Z$/) as string,
      updatedAt: expect.stringMatching(/Z$/) as string,
    });
    expect(await paymentNow(payment.id)).toEqual(payment);
    expect(platform.acquirer.charges.slice(before)).toMatchObject([{ kind: 'authorize', amountMinor: 1000 }]);
  });

  test('authorizes only, unless capture is automatic', async () => {
    expect(await platform.pay()).toMatchObject({ status: 'authorized', capturedAmountMinor: 0 });
  });

  test.each([
    ['tok_decline_insufficient_funds', 'insufficient_funds'],
    ['tok_decline_stolen_card', 'stolen_card'],
    ['tok_decline_expired_card', 'expired_card'],
    ['tok_never_heard_of', 'unknown_token'],
  ])('%s is declined with %s and books nothing', async (paymentToken, declineCode) => {
    const payment = await platform.pay({ paymentToken, capture: 'automatic' });
    expect(payment).toMatchObject({ status: 'declined', declineCode, capturedAmountMinor: 0 });
    expect((await platform.get(`/payments/${payment.id}/entries`)).json()).toEqual({ items: [] });
  });

  test('is processing while the outcome is unknown, and is finished by a retry', async () => {
    const body = { ...newPayment, paymentToken: 'tok_timeout', capture: 'automatic' };
    const before = platform.acquirer.charges.length;
    const unknown = await platform.post('/payments', body, { 'idempotency-key': 'slow-bank' });
    expect(unknown.statusCode).toBe(202);
    expect(unknown.headers['retry-after']).toBe('2');
    const { id, status } = unknown.json<PaymentBody>();
    expect(status).toBe('processing');
    expect((await paymentNow(id)).status).toBe('processing');

    const known = await platform.post('/payments', body, { 'idempotency-key': 'slow-bank' });
    expect(known.statusCode).toBe(201);
    expect(known.json()).toMatchObject({ id, status: 'captured', capturedAmountMinor: 1000 });
    expect(platform.acquirer.charges.length - before).toBe(1);
  });

  test('does not wait for an acquirer that never responds', async () => {
    const silent = await startPlatform({
      acquirer: (simulator) => changedAcquirer(simulator, { authorize: () => new Promise(() => undefined) }),
      acquirerTimeoutMilliseconds: 20,
    });
    onTestFinished(() => silent.close());
    const response = await silent.post('/payments', newPayment);
    expect({ code: response.statusCode, status: response.json<PaymentBody>().status }).toEqual({
      code: 202,
      status: 'processing',
    });
  });
});

describe('a capture', () => {
  test.each([
    ['in full', {}, 1000],
    ['in part', { amountMinor: 400 }, 400],
    ['by one minor unit', { amountMinor: 1 }, 1],
  ])('%s captures that amount once', async (_how, body, capturedAmountMinor) => {
    const { id } = await platform.pay();
    const response = await platform.post(`/payments/${id}/capture`, body);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ id, status: 'captured', amountMinor: 1000, capturedAmountMinor });
    expect(await paymentNow(id)).toEqual(response.json());
    expect(platform.acquirer.charges.at(-1)).toMatchObject({ kind: 'capture', amountMinor: capturedAmountMinor });
  });

  test('above the authorized amount is rejected, and the payment can still be captured', async () => {
    const { id } = await platform.pay();
    const problem = expectProblem(
      await platform.post(`/payments/${id}/capture`, { amountMinor: 1001 }),
      422,
      'amount-exceeds-balance',
    );
    expect(problem.errors).toEqual([{ pointer: '/amountMinor', detail: 'must be at most 1000' }]);
    expect((await platform.post(`/payments/${id}/capture`, {})).statusCode).toBe(200);
  });
});

test('a void releases the whole authorization', async () => {
  const { id } = await platform.pay();
  const response = await platform.post(`/payments/${id}/void`, {});
  expect(response.statusCode).toBe(200);
  expect(response.json()).toMatchObject({ id, status: 'voided', capturedAmountMinor: 0 });
  expect(platform.acquirer.charges.at(-1)).toMatchObject({ kind: 'void', amountMinor: 1000 });
});

describe('a refund', () => {
  test('without an amount refunds the captured amount', async () => {
    const { id } = await platform.pay();
    await platform.post(`/payments/${id}/capture`, { amountMinor: 700 });
    const response = await platform.post(`/payments/${id}/refunds`, { reason: 'Damaged' });
    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      refund: { paymentId: id, amountMinor: 700, currency: 'EUR', reason: 'Damaged' },
      payment: { id, status: 'refunded', capturedAmountMinor: 700, refundedAmountMinor: 700 },
    });
    expect(platform.acquirer.charges.at(-1)).toMatchObject({ kind: 'refund', amountMinor: 700 });
  });

  test('can be repeated until the captured amount is refunded', async () => {
    const { id } = await platform.pay({ capture: 'automatic' });
    const refund = async (amountMinor: number) => platform.post(`/payments/${id}/refunds`, { amountMinor });
    const part = (await refund(300)).json<{ payment: PaymentBody }>().payment;
    expect(part).toMatchObject({ status: 'partially_refunded', refundedAmountMinor: 300 });
    const more = (await refund(699)).json<{ payment: PaymentBody }>().payment;
    expect(more).toMatchObject({ status: 'partially_refunded', refundedAmountMinor: 999 });
    const problem = expectProblem(await refund(2), 422, 'amount-exceeds-balance');
    expect(problem.errors).toEqual([{ pointer: '/amountMinor', detail: 'must be at most 1' }]);
    const last = (await refund(1)).json<{ payment: PaymentBody }>().payment;
    expect(last).toMatchObject({ status: 'refunded', refundedAmountMinor: 1000 });
  });

  test('counts as processed unless the acquirer declines it', async () => {
    let processed = 0;
    let declineCode: string | undefined = 'insufficient_funds';
    const counting = await startPlatform({
      metrics: { ...noMetrics, refundProcessed: () => processed++ },
      acquirer: (simulator) =>
        changedAcquirer(simulator, {
          refund: (request) =>
            declineCode === undefined
              ? simulator.refund(request)
              : Promise.resolve({ outcome: 'declined', declineCode }),
        }),
    });
    onTestFinished(() => counting.close());
    const { id } = await counting.pay({ capture: 'automatic' });
    expectProblem(await counting.post(`/payments/${id}/refunds`, {}), 402, 'refund-declined');
    expect(processed).toBe(0);
    declineCode = undefined;
    expect((await counting.post(`/payments/${id}/refunds`, {})).statusCode).toBe(201);
    expect(processed).toBe(1);
  });
});

test('the timeline has all events of a payment, oldest first', async () => {
  const { id } = await platform.pay();
  await platform.post(`/payments/${id}/capture`, { amountMinor: 900 });
  await platform.post(`/payments/${id}/refunds`, { amountMinor: 200, reason: 'Late' });
  const { items } = (await platform.get(`/payments/${id}/events`)).json<{ items: Record<string, unknown>[] }>();
  expect(items.map(({ type, amountMinor, detail }) => [type, amountMinor, detail])).toEqual([
    ['payment.created', 1000, null],
    ['payment.authorized', 1000, null],
    ['payment.captured', 900, null],
    ['refund.succeeded', 200, 'Late'],
  ]);
});
