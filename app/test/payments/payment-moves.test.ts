import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expireAuthorizations } from '../../src/payments/expiry.ts';
import { mayMove, paymentStatuses } from '../../src/payments/payment-status.ts';
import { newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

/** How a payment reaches each status, and the operations allowed there. */
const states: Record<string, { body?: object; then?: [string, object][]; legal: readonly string[] }> = {
  processing: { body: { paymentToken: 'tok_timeout' }, legal: [] },
  requires_action: { body: { paymentToken: 'tok_challenge', returnUrl: 'https://shop.example/' }, legal: [] },
  declined: { body: { paymentToken: 'tok_decline_stolen_card' }, legal: [] },
  authorized: { legal: ['capture', 'void'] },
  captured: { body: { capture: 'automatic' }, legal: ['refunds'] },
  voided: { then: [['void', {}]], legal: [] },
  expired: { then: [['expire', {}]], legal: [] },
  partially_refunded: { body: { capture: 'automatic' }, then: [['refunds', { amountMinor: 1 }]], legal: ['refunds'] },
  refunded: { body: { capture: 'automatic' }, then: [['refunds', {}]], legal: [] },
};
const attempts = Object.entries(states).flatMap(([status, { legal }]) =>
  ['capture', 'void', 'refunds'].map((operation) => ({ status, operation, legal: legal.includes(operation) })),
);

/** Lets the lifetime of an authorization pass. */
async function expireOf(id: string): Promise<void> {
  await platform.database.superuser.query(
    `UPDATE payments.authorizations SET authorized_at = now() - interval '8 days' WHERE payment_id = $1`,
    [id],
  );
  await expireAuthorizations({ ...platform, pool: platform.database.api, authorizationDays: 7 });
}

async function paymentThatIs(status: string): Promise<PaymentBody> {
  const { body, then = [] } = states[status] ?? {};
  const { id } = (await platform.post('/payments', { ...newPayment, ...body })).json<PaymentBody>();
  for (const [operation, payload] of then) {
    if (operation === 'expire') await expireOf(id);
    else await platform.post(`/payments/${id}/${operation}`, payload);
  }
  const payment = (await platform.get(`/payments/${id}`)).json<PaymentBody>();
  expect(payment.status).toBe(status);
  return payment;
}

describe('a payment', () => {
  test.each(attempts.filter(({ legal }) => legal))('that is $status allows $operation', async (attempt) => {
    const { id } = await paymentThatIs(attempt.status);
    expect((await platform.post(`/payments/${id}/${attempt.operation}`, {})).statusCode).toBeLessThan(300);
  });

  test.each(attempts.filter(({ legal }) => !legal))('that is $status rejects $operation', async (attempt) => {
    const payment = await paymentThatIs(attempt.status);
    const asked = platform.acquirer.charges.length;
    expectProblem(await platform.post(`/payments/${payment.id}/${attempt.operation}`, {}), 409, 'invalid-state');
    expect((await platform.get(`/payments/${payment.id}`)).json()).toEqual(payment);
    expect(platform.acquirer.charges.length).toBe(asked);
  });

  test('rejects another operation with Retry-After while one is pending', async () => {
    const { id } = await paymentThatIs('processing');
    expect((await platform.post(`/payments/${id}/void`, {})).headers['retry-after']).toBe('2');
  });
});

describe('the state machine', () => {
  const pairs = paymentStatuses.flatMap((from) =>
    paymentStatuses.map((to) => ({ from, to, allowed: mayMove(from, to) })),
  );

  test('covers exactly the reachable states', () => {
    expect([...paymentStatuses].sort()).toEqual(Object.keys(states).sort());
  });

  test('equals the database function for every pair', async () => {
    const { rows } = await platform.database.superuser.query(
      `SELECT f AS from, t AS to, payments.may_move(f, t) AS allowed
       FROM unnest($1::text[]) WITH ORDINALITY AS a (f, i), unnest($1::text[]) WITH ORDINALITY AS b (t, j) ORDER BY i, j`,
      [paymentStatuses],
    );
    expect(rows).toEqual(pairs);
  });

  test.each(pairs.filter(({ from, to }) => from !== to))(
    'equals the trigger: $from to $to, $allowed',
    async ({ from, to, allowed }) => {
      const id = randomUUID();
      await platform.database.superuser.query(
        `INSERT INTO payments.payments (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token)
         VALUES ($1, $2, $3, 1, 0, 0, 'EUR', 'tok_approve')`,
        [id, platform.merchantId, from],
      );
      const move = platform.database.superuser.query('UPDATE payments.payments SET status = $2 WHERE id = $1', [
        id,
        to,
      ]);
      if (allowed) expect((await move).rowCount).toBe(1);
      else await expect(move).rejects.toThrow(`may not move from ${from} to ${to}`);
    },
  );
});
