import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { patienceMilliseconds } from '../support/eventually.ts';
import { GatedAcquirer } from '../support/gated-acquirer.ts';
import { newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
const acquirer = new GatedAcquirer();
beforeAll(async () => {
  platform = await startPlatform({ acquirer: acquirer.behind });
});
afterAll(() => platform.close());

const asKey = (key: string) => ({ 'idempotency-key': key });

describe('the same key', () => {
  test('returns 409 with Retry-After while the first request is in progress', async () => {
    const open = acquirer.shut();
    const before = platform.acquirer.charges.length;
    const first = platform.post('/payments', newPayment, asKey('busy'));
    await vi.waitFor(async () => {
      expect((await platform.get('/payments?status=processing')).json()).toMatchObject({ items: [{}] });
    }, patienceMilliseconds);
    const second = await platform.post('/payments', newPayment, asKey('busy'));
    expectProblem(second, 409, 'request-in-progress');
    expect(second.headers['retry-after']).toBe('2');
    open();
    expect((await first).statusCode).toBe(201);
    expect(platform.acquirer.charges.length - before).toBe(1);
  });

  test('sent twenty times concurrently charges once and creates one payment', async () => {
    const body = { ...newPayment, reference: 'twenty', paymentToken: 'tok_slow' };
    const before = platform.acquirer.charges.length;
    const send = async () => platform.post('/payments', body, asKey('twenty'));
    const responses = await Promise.all(Array.from({ length: 20 }, send));
    const { body: answer } = await send();
    for (const response of responses) {
      if (response.statusCode === 201) expect(response.body).toBe(answer);
      else expectProblem(response, 409, 'request-in-progress');
    }
    const firsts = responses.filter(({ statusCode, headers }) => statusCode === 201 && !headers['idempotent-replayed']);
    expect(firsts).toHaveLength(1);
    expect(platform.acquirer.charges.length - before).toBe(1);
    const { items } = (await platform.get('/payments?reference=twenty')).json<{ items: PaymentBody[] }>();
    expect(items).toEqual([JSON.parse(answer)]);
  });

  test('taken over from a slow request gives both requests the same response', async () => {
    const open = acquirer.shut();
    const before = platform.acquirer.charges.length;
    const body = { ...newPayment, capture: 'automatic' };
    const send = async () => platform.post('/payments', body, asKey('overtaken'));
    const responses = [send()];
    for (const waiting of [1, 2]) {
      await vi.waitFor(async () => {
        const { rowCount } = await platform.database.superuser.query(
          `UPDATE payments.idempotency_keys SET leased_until = now() - interval '1 second'
           WHERE key = 'overtaken' AND leased_until > now()`,
        );
        expect(rowCount).toBe(1);
      }, patienceMilliseconds);
      if (waiting === 1) responses.push(send());
    }
    open();
    const [first, second] = await Promise.all(responses);
    expect(first?.statusCode).toBe(201);
    expect(second?.body).toBe(first?.body);
    expect(platform.acquirer.charges.length - before).toBe(1);
    const entries = await platform.get(`/payments/${first?.json<PaymentBody>().id ?? ''}/entries`);
    expect(entries.json<{ items: unknown[] }>().items).toHaveLength(2);
  });
});
