import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type AuthorizationRequest, AcquirerTimeoutError } from '../../src/acquirer/acquirer.ts';
import { stripeAmount } from '../../src/acquirer/stripe/stripe-amount.ts';
import { StripeAcquirer } from '../../src/acquirer/stripe/stripe-acquirer.ts';
import { StripeDouble } from './stripe-double.ts';

let stripe: StripeDouble;
let acquirer: StripeAcquirer;
let secretKey = 'sk_test_first';
const log: string[] = [];

beforeEach(async () => {
  stripe = await StripeDouble.start();
  const logger = pino({ level: 'trace' }, { write: (line: string) => log.push(line) });
  acquirer = new StripeAcquirer({ secretKey: () => Promise.resolve(secretKey), logger, address: stripe.address });
});
afterEach(async () => {
  await stripe.close();
  log.length = 0;
});

const yesterday = () => uuid({ msecs: Date.now() - 25 * 3_600_000 });
const request = (changed: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  reference: uuid(),
  amountMinor: 2000,
  currency: 'USD',
  paymentToken: 'pm_card_visa',
  capture: false,
  ...changed,
});
const followUp = (acquirerId: string, reference = uuid(), amountMinor = 2000) => ({
  reference,
  amountMinor,
  currency: 'USD',
  acquirerId,
});
const authorized = async (capture = false): Promise<string> => {
  const answer = await acquirer.authorize(request({ capture }));
  return answer.outcome === 'approved' ? answer.acquirerId : '';
};

describe('an answer that never arrives', () => {
  test('leaves the outcome open, and asking again charges once', async () => {
    const lost = request({ capture: true });
    // The SDK repeats a request once by itself.
    stripe.loseAnswers = 2;
    await expect(acquirer.authorize(lost)).rejects.toThrow(AcquirerTimeoutError);
    const [intent] = [...stripe.intents.values()];
    expect(await acquirer.authorize(lost)).toEqual({ outcome: 'approved', acquirerId: intent?.id });
    expect(stripe.intents.size).toBe(1);
  });

  test('leaves the outcome open after an error of the server', async () => {
    stripe.failures = 2;
    await expect(acquirer.authorize(request())).rejects.toThrow(AcquirerTimeoutError);
    expect(stripe.intents.size).toBe(0);
  });
});

describe('when Stripe has forgotten the idempotency key', () => {
  test('an authorization is found by its reference', async () => {
    const old = request({ reference: yesterday(), capture: true });
    const first = await acquirer.authorize(old);
    stripe.forgetKeys();
    expect(await acquirer.authorize(old)).toEqual(first);
    expect(stripe.intents.size).toBe(1);
  });

  test('a declined authorization is found with its reason', async () => {
    const old = request({ reference: yesterday(), paymentToken: 'pm_card_visa_chargeDeclinedStolenCard' });
    await acquirer.authorize(old);
    stripe.forgetKeys();
    expect(await acquirer.authorize(old)).toEqual({ outcome: 'declined', declineCode: 'stolen_card' });
    expect(stripe.intents.size).toBe(1);
  });

  test('a capture is recognised by the state of the payment', async () => {
    const capture = followUp(await authorized(), yesterday(), 700);
    await acquirer.capture(capture);
    stripe.forgetKeys();
    expect(await acquirer.capture(capture)).toMatchObject({ outcome: 'approved' });
  });

  test('a capture of another amount stays open', async () => {
    const id = await authorized();
    await acquirer.capture(followUp(id, uuid(), 700));
    await expect(acquirer.capture(followUp(id, uuid(), 800))).rejects.toThrow(AcquirerTimeoutError);
  });

  test('a refund is found by its reference', async () => {
    const id = await authorized(true);
    await acquirer.refund(followUp(id, uuid(), 100));
    const refund = followUp(id, yesterday(), 200);
    const first = await acquirer.refund(refund);
    stripe.forgetKeys();
    expect(await acquirer.refund(refund)).toEqual(first);
    expect(stripe.refunds.size).toBe(2);
  });
});

test('an authorization that Stripe has released cannot be captured', async () => {
  const id = await authorized();
  await acquirer.void(followUp(id));
  expect(await acquirer.capture(followUp(id))).toEqual({ outcome: 'declined', declineCode: 'authorization_expired' });
});

test('a captured payment cannot be voided', async () => {
  const id = await authorized(true);
  expect(await acquirer.void(followUp(id))).toEqual({ outcome: 'declined', declineCode: 'card_declined' });
});

test('more than was captured is not refunded', async () => {
  const answer = await acquirer.refund(followUp(await authorized(true), uuid(), 2001));
  expect(answer).toEqual({ outcome: 'declined', declineCode: 'already_refunded' });
});

test.each([
  ['succeeded', { outcome: 'approved' }],
  ['failed', { outcome: 'declined', declineCode: 'card_declined' }],
  ['canceled', { outcome: 'declined', declineCode: 'card_declined' }],
])('a pending refund stays open until it is %s', async (status, answer) => {
  const refund = followUp(await authorized(true));
  stripe.refundStatus = 'pending';
  await expect(acquirer.refund(refund)).rejects.toThrow(AcquirerTimeoutError);
  for (const stored of stripe.refunds.values()) stored.status = status;
  expect(await acquirer.refund(refund)).toMatchObject(answer);
});

test.each([
  ['pm_card_visa_chargeDeclinedFraudulent', 'card_declined'],
  ['pm_card_authenticationRequired', 'authentication_required'],
])('%s is declined as %s', async (paymentToken, declineCode) => {
  expect(await acquirer.authorize(request({ paymentToken }))).toEqual({ outcome: 'declined', declineCode });
});

test('a replaced secret key takes effect with the next request', async () => {
  await acquirer.authorize(request());
  secretKey = 'sk_test_second';
  await acquirer.authorize(request());
  expect(stripe.authorizations).toEqual(['Bearer sk_test_first', 'Bearer sk_test_second']);
});

test('nothing of the request is logged but its reference', async () => {
  stripe.failures = 2;
  const lost = request();
  await expect(acquirer.authorize(lost)).rejects.toThrow();
  await acquirer.authorize(request({ paymentToken: 'pm_card_visa_chargeDeclinedStolenCard' }));
  expect(log.join('')).toContain(lost.reference);
  expect(log.join('')).toContain('stolen_card');
  expect(log.join('')).not.toMatch(/pm_card|sk_test/);
});

test.each([
  ['USD', 1234, 1234],
  ['JPY', 1234, 1234],
  ['ISK', 5, 500],
  ['UGX', 1000, 100_000],
  ['MGA', 500, 5],
  ['MGA', 550, undefined],
  ['KWD', 1230, 1230],
  ['KWD', 1234, undefined],
])('%s %i becomes %s', (currency, amountMinor, expected) => {
  expect(stripeAmount(amountMinor, currency)).toBe(expected);
});

test('an amount that Stripe cannot charge is declined without asking', async () => {
  const answer = await acquirer.authorize(request({ currency: 'KWD', amountMinor: 1234 }));
  expect(answer).toEqual({ outcome: 'declined', declineCode: 'amount_not_supported' });
  expect(stripe.requests).toEqual([]);
});
