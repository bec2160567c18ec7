import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMerchant, newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const asKey = (key: string) => ({ 'idempotency-key': key });

describe('the Idempotency-Key', () => {
  test.each([
    ['missing', {}],
    ['empty', asKey('')],
    ['longer than 255 characters', asKey('k'.repeat(256))],
    ['not of visible ASCII', asKey('two words')],
  ])('that is %s is rejected by every POST', async (_what, headers) => {
    const { id } = await platform.pay();
    for (const path of ['', `/${id}/capture`, `/${id}/void`, `/${id}/refunds`]) {
      const response = await platform.app.inject({
        method: 'POST',
        url: `/api/v1/payments${path}`,
        payload: path === '' ? newPayment : {},
        headers: { authorization: `Bearer ${platform.apiKey}`, ...headers },
      });
      expectProblem(response, 400, 'idempotency-key-missing');
    }
    expect((await platform.get(`/payments/${id}`)).json()).toMatchObject({ status: 'authorized' });
  });

  test('of 255 characters is accepted', async () => {
    expect((await platform.post('/payments', newPayment, asKey('~'.repeat(255)))).statusCode).toBe(201);
  });

  test('is scoped to the merchant', async () => {
    const other = await newMerchant(platform.database, 'Neighbour');
    const mine = await platform.post('/payments', newPayment, asKey('shared'));
    const theirs = await platform.post('/payments', newPayment, {
      ...asKey('shared'),
      authorization: `Bearer ${other.apiKey}`,
    });
    expect(theirs.statusCode).toBe(201);
    expect(theirs.headers['idempotent-replayed']).toBeUndefined();
    expect(theirs.json<PaymentBody>().id).not.toBe(mine.json<PaymentBody>().id);
  });
});

describe('the same key', () => {
  test.each(['', '/capture', '/void', '/refunds'])(
    'replays the response of POST /payments%s byte for byte',
    async (path) => {
      const { id } = await platform.pay({ capture: path === '/refunds' ? 'automatic' : 'manual' });
      const address = path === '' ? '/payments' : `/payments/${id}${path}`;
      const body = path === '' ? newPayment : {};
      const key = randomUUID();
      const first = await platform.post(address, body, asKey(key));
      const charges = platform.acquirer.charges.length;
      const second = await platform.post(address, body, asKey(key));
      expect(first.headers['idempotent-replayed']).toBeUndefined();
      expect(second.headers['idempotent-replayed']).toBe('true');
      expect([second.statusCode, second.body]).toEqual([first.statusCode, first.body]);
      expect(second.headers['content-type']).toBe(first.headers['content-type']);
      expect(platform.acquirer.charges.length).toBe(charges);
    },
  );

  test('replays the original response after the payment has changed', async () => {
    const first = await platform.post('/payments', newPayment, asKey('then'));
    await platform.post(`/payments/${first.json<PaymentBody>().id}/void`, {});
    expect((await platform.post('/payments', newPayment, asKey('then'))).body).toBe(first.body);
  });

  test('with fields in another order is the same request', async () => {
    const { amountMinor, currency, paymentToken } = newPayment;
    const first = await platform.post('/payments', { amountMinor, currency, paymentToken }, asKey('order'));
    const second = await platform.post('/payments', { paymentToken, currency, amountMinor }, asKey('order'));
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(second.body).toBe(first.body);
  });

  test('with another body is rejected', async () => {
    const { id } = (await platform.post('/payments', newPayment, asKey('taken'))).json<PaymentBody>();
    for (const change of [{ amountMinor: 1001 }, { reference: 'more' }, { capture: 'manual' }]) {
      const response = await platform.post('/payments', { ...newPayment, ...change }, asKey('taken'));
      expectProblem(response, 422, 'idempotency-key-reused');
    }
    expect((await platform.get(`/payments/${id}`)).json()).toMatchObject({ status: 'authorized', amountMinor: 1000 });
  });

  test('with the same body at another path is rejected', async () => {
    const [{ id }, other] = [await platform.pay(), await platform.pay()];
    await platform.post(`/payments/${id}/void`, {}, asKey('void-one'));
    for (const path of [`/payments/${id}/capture`, `/payments/${other.id}/void`]) {
      expectProblem(await platform.post(path, {}, asKey('void-one')), 422, 'idempotency-key-reused');
    }
    expect((await platform.get(`/payments/${other.id}`)).json()).toEqual(other);
  });

  test('of a rejected request can be reused', async () => {
    const { id } = await platform.pay();
    const refused = await platform.post(`/payments/${id}/capture`, { amountMinor: 5000 }, asKey('second-try'));
    expectProblem(refused, 422, 'amount-exceeds-balance');
    const taken = await platform.post(`/payments/${id}/capture`, { amountMinor: 500 }, asKey('second-try'));
    expect(taken.statusCode).toBe(200);
  });
});
