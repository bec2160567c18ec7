import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newMerchant, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

interface Pay {
  readonly kind: 'pay';
  readonly amountMinor: number;
  readonly currency: string;
  readonly capture: 'automatic' | 'manual';
}
interface Change {
  readonly kind: 'capture' | 'void' | 'refunds';
  /** Selects an existing payment. The operation may not be allowed. */
  readonly pick: number;
  readonly amountMinor: number | undefined;
}

const amountMinor = fc.integer({ min: 1, max: 1000 });
const pay: fc.Arbitrary<Pay> = fc.record({
  kind: fc.constant('pay'),
  amountMinor,
  currency: fc.constantFrom('EUR', 'USD', 'JPY'),
  capture: fc.constantFrom('automatic', 'manual'),
});
const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('capture', 'capture', 'void', 'refunds', 'refunds', 'refunds'),
  pick: fc.nat({ max: 5 }),
  amountMinor: fc.option(amountMinor, { nil: undefined }),
});

/** The model of a payment. */
interface Expected {
  readonly id: string;
  readonly currency: string;
  readonly amount: number;
  open: boolean;
  captured: number;
  refunded: number;
}

/** Returns whether the model allows an operation, and applies it. */
function expectChange(of: Expected, { kind, amountMinor }: Change): boolean {
  const left = of.captured - of.refunded;
  const allowed = kind === 'refunds' ? left > 0 && (amountMinor ?? 0) <= left : of.open;
  if (!allowed || (kind === 'capture' && (amountMinor ?? 0) > of.amount)) return false;
  of.open = false;
  if (kind === 'capture') of.captured = amountMinor ?? of.amount;
  if (kind === 'refunds') of.refunded += amountMinor ?? left;
  return true;
}

/** Runs all steps in sequence and asserts that the API allows the same operations as the model. */
async function play(steps: readonly (Pay | Change)[], headers: Record<string, string>): Promise<Expected[]> {
  const made: Expected[] = [];
  for (const step of steps) {
    if (step.kind === 'pay') {
      const { kind: _, ...asked } = step;
      const response = await platform.post('/payments', { ...asked, paymentToken: 'tok_approve' }, headers);
      const taken = step.capture === 'automatic';
      made.push({
        id: response.json<PaymentBody>().id,
        currency: step.currency,
        amount: step.amountMinor,
        open: !taken,
        captured: taken ? step.amountMinor : 0,
        refunded: 0,
      });
      continue;
    }
    const picked = made[step.pick % made.length];
    if (!picked) continue;
    const body = step.kind === 'void' || step.amountMinor === undefined ? {} : { amountMinor: step.amountMinor };
    const { statusCode } = await platform.post(`/payments/${picked.id}/${step.kind}`, body, headers);
    expect(statusCode < 300).toBe(expectChange(picked, step));
  }
  return made;
}

test('after any operations, every posting sums to zero and balances equal captures less refunds', async () => {
  await fc.assert(
    fc.asyncProperty(pay, fc.array(fc.oneof(pay, change, change, change), { maxLength: 15 }), async (first, steps) => {
      const { apiKey, merchantId } = await newMerchant(platform.database, randomUUID());
      const headers = { authorization: `Bearer ${apiKey}` };
      const made = await play([first, ...steps], headers);

      const { rows: postings } = await platform.database.superuser.query(
        `SELECT posting_id, currency FROM payments.entries WHERE merchant_id = $1
         GROUP BY posting_id, currency HAVING sum(amount_minor) <> 0 OR count(*) <> 2`,
        [merchantId],
      );
      expect(postings).toEqual([]);

      const kept = new Map<string, number>();
      for (const { currency, captured, refunded } of made) {
        if (captured > 0) kept.set(currency, (kept.get(currency) ?? 0) + captured - refunded);
      }
      const balances = [...kept].sort().flatMap(([currency, balanceMinor]) => [
        { account: 'acquirer_receivable', currency, balanceMinor },
        { account: 'merchant_payable', currency, balanceMinor: 0 - balanceMinor },
      ]);
      expect((await platform.get('/ledger/balances', headers)).json()).toEqual({ items: balances });

      for (const { id, captured, refunded } of made) {
        expect((await platform.get(`/payments/${id}`, headers)).json()).toMatchObject({
          capturedAmountMinor: captured,
          refundedAmountMinor: refunded,
        });
      }
    }),
    { numRuns: 30 },
  );
});

test('concurrent refunds never exceed the captured amount', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(amountMinor, { minLength: 2, maxLength: 8 }), async (amounts) => {
      const { id } = await platform.pay({ capture: 'automatic' });
      const responses = await Promise.all(
        amounts.map((amount) => platform.post(`/payments/${id}/refunds`, { amountMinor: amount })),
      );
      const given = amounts.filter((_, index) => responses[index]?.statusCode === 201);
      const total = given.reduce((sum, amount) => sum + amount, 0);
      expect(given.length).toBeGreaterThan(0);
      expect(total).toBeLessThanOrEqual(1000);
      expect((await platform.get(`/payments/${id}`)).json()).toMatchObject({ refundedAmountMinor: total });
      const { rows } = await platform.database.superuser.query(
        `SELECT sum(amount_minor) FILTER (WHERE account = 'acquirer_receivable')::bigint AS kept FROM payments.entries WHERE payment_id = $1`,
        [id],
      );
      expect(rows).toEqual([{ kept: 1000 - total }]);
    }),
    { numRuns: 15 },
  );
});
