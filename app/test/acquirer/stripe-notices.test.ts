import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StripeAcquirer } from '../../src/acquirer/stripe/stripe-acquirer.ts';
import { StripeNotices } from '../../src/acquirer/stripe/stripe-notices.ts';
import { newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';
import { StripeDouble } from './stripe-double.ts';

const secret = 'whsec_of_the_endpoint';
const secrets = [secret];
let stripe: StripeDouble;
let platform: TestPlatform;
beforeAll(async () => {
  stripe = await StripeDouble.start();
  platform = await startPlatform({
    acquirer: () =>
      new StripeAcquirer({
        secretKey: () => Promise.resolve('sk_test'),
        logger: pino({ level: 'silent' }),
        address: stripe.address,
      }),
    notices: new StripeNotices(() => Promise.resolve(secrets)),
  });
});
afterAll(async () => {
  await platform.close();
  await stripe.close();
});

const lastIntent = () => [...stripe.intents.values()].at(-1) ?? expect.fail('Stripe has no intent');
const eventOf = (object: object, type = 'payment_intent.succeeded') =>
  JSON.stringify({ id: `evt_${randomUUID()}`, object: 'event', type, data: { object } });
const send = (payload: string, signature?: string) =>
  platform.app.inject({
    method: 'POST',
    url: '/api/v1/acquirer-events/stripe',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(signature !== undefined && { 'stripe-signature': signature }),
    },
    payload,
  });
const sign = (payload: string, options: { secret?: string; timestamp?: number } = {}) =>
  Stripe.webhooks.generateTestHeaderString({ payload, secret, ...options });
const notify = async (object: object, type?: string) => {
  const payload = eventOf(object, type);
  expect((await send(payload, sign(payload))).statusCode).toBe(204);
};

const take = async (changes: object = {}) =>
  (
    await platform.post('/payments', { ...newPayment, paymentToken: 'pm_card_visa', capture: 'automatic', ...changes })
  ).json<PaymentBody>();
const challenged = () =>
  take({ paymentToken: 'pm_card_authenticationRequired', returnUrl: 'https://shop.example/return' });
const statusOf = async ({ id }: PaymentBody) => (await platform.get(`/payments/${id}`)).json<PaymentBody>().status;
const typesOf = async ({ id }: PaymentBody) =>
  (await platform.get(`/payments/${id}/events`)).json<{ items: { type: string }[] }>().items.map(({ type }) => type);

describe('a notice of Stripe', () => {
  test('finishes a payment whose answer was lost, and changes nothing when it comes late and again', async () => {
    // The SDK repeats a request once by itself.
    stripe.loseAnswers = 2;
    const payment = await take();
    expect(payment.status).toBe('processing');
    const intent = { ...lastIntent() };
    await notify(intent);
    expect(await statusOf(payment)).toBe('captured');
    const asked = stripe.requests.length;
    await platform.post(`/payments/${payment.id}/refunds`, {});
    for (const _ of ['late', 'again']) await notify(intent);
    expect(await statusOf(payment)).toBe('refunded');
    // The refund alone.
    expect(stripe.requests.length).toBe(asked + 1);
  });

  test('finishes 3-D Secure once, twice and out of order', async () => {
    const payment = await challenged();
    expect(payment).toMatchObject({
      status: 'requires_action',
      nextAction: { type: 'redirect', url: 'https://hooks.stripe.com/redirect' },
    });
    const before = { ...lastIntent() };
    stripe.finishChallenge(before.id, true);
    const after = { ...lastIntent() };
    await Promise.all([notify(after), notify(after)]);
    await notify(before, 'payment_intent.requires_action');
    expect(await statusOf(payment)).toBe('captured');
    const events = ['payment.created', 'payment.requires_action', 'payment.authorized', 'payment.captured'];
    expect(await typesOf(payment)).toEqual(events);
  });

  test('of a success that Stripe does not confirm moves no money', async () => {
    const payment = await challenged();
    await notify({ ...lastIntent(), status: 'succeeded' });
    expect(await statusOf(payment)).toBe('requires_action');
    expect((await platform.get(`/payments/${payment.id}/entries`)).json()).toEqual({ items: [] });
  });

  test('finishes a refund that was pending', async () => {
    const payment = await take();
    stripe.refundStatus = 'pending';
    expect((await platform.post(`/payments/${payment.id}/refunds`, {})).statusCode).toBe(202);
    const refund = [...stripe.refunds.values()].at(-1) ?? expect.fail('Stripe has no refund');
    refund.status = 'succeeded';
    await notify(refund, 'refund.updated');
    expect(await statusOf(payment)).toBe('refunded');
  });

  test.each([
    ['a customer', { object: 'customer' }],
    ['an object without metadata', { object: 'charge', metadata: null }],
    ['a payment of another system', { object: 'payment_intent', metadata: { reference: 'order-7' } }],
    ['an unknown operation', { object: 'payment_intent', metadata: { reference: randomUUID() } }],
  ])('about %s is received, and Stripe is not asked', async (_what, object) => {
    const asked = stripe.requests.length;
    await notify(object);
    expect(stripe.requests.length).toBe(asked);
  });
});

describe('a notice is refused', () => {
  const old = Math.floor(Date.now() / 1000) - 301;
  test.each([
    ['without a signature', () => undefined],
    ['with another secret', (payload: string) => sign(payload, { secret: 'whsec_of_another' })],
    ['with an old signature', (payload: string) => sign(payload, { timestamp: old })],
    ['with the signature of another body', () => sign('{}')],
    ['with a malformed signature', () => 'v1=1'],
  ])('%s', async (_what, signature) => {
    const payment = await challenged();
    stripe.finishChallenge(lastIntent().id, true);
    const asked = stripe.requests.length;
    const payload = eventOf(lastIntent());
    expectProblem(await send(payload, signature(payload)), 401, 'signature-invalid');
    expect(stripe.requests.length).toBe(asked);
    expect(await statusOf(payment)).toBe('requires_action');
  });

  test('without a stored secret', async () => {
    secrets.length = 0;
    const payload = eventOf({ object: 'customer' });
    expectProblem(await send(payload, sign(payload)), 401, 'signature-invalid');
    secrets.push(secret);
  });
});

test('while a secret is rolled, both are valid', async () => {
  secrets.unshift('whsec_new');
  for (const each of secrets) {
    const payload = eventOf({ object: 'customer' });
    expect((await send(payload, sign(payload, { secret: each }))).statusCode).toBe(204);
  }
  secrets.shift();
});
