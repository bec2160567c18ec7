import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AcquirerResponse, AcquirerTimeoutError } from '../../src/acquirer/acquirer.ts';
import { expireAuthorizations, startExpiry } from '../../src/payments/expiry.ts';
import { recoverStuckOperations } from '../../src/payments/recovery.ts';
import { eventually } from '../support/eventually.ts';
import { changedAcquirer, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

/** The acquirer's response to a void; the simulator's when it is `undefined`. */
let voiding: (() => Promise<AcquirerResponse>) | undefined;
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({
    acquirer: (simulator) => changedAcquirer(simulator, { void: (request) => voiding?.() ?? simulator.void(request) }),
  });
});
afterAll(() => platform.close());

const dependencies = () => ({ ...platform, pool: platform.database.api, authorizationDays: 7 });
const expire = () => expireAuthorizations(dependencies());

/** Lets time pass since a payment was authorized. */
async function age({ id }: PaymentBody, interval: string): Promise<void> {
  const { rowCount } = await platform.database.superuser.query(
    'UPDATE payments.authorizations SET authorized_at = authorized_at - $2::interval WHERE payment_id = $1',
    [id, interval],
  );
  expect(rowCount).toBe(1);
}

async function oldAuthorization(): Promise<PaymentBody> {
  const payment = await platform.pay({ capture: 'manual' });
  await age(payment, '7 days 1 second');
  return payment;
}

const statusOf = async ({ id }: PaymentBody) => (await platform.get(`/payments/${id}`)).json<PaymentBody>().status;
const itemsOf = async ({ id }: PaymentBody, what: string) =>
  (await platform.get(`/payments/${id}/${what}`)).json<{ items: { type: string; detail: string | null }[] }>().items;
const stored = async ({ id }: PaymentBody) =>
  (await platform.database.superuser.query('SELECT FROM payments.authorizations WHERE payment_id = $1', [id])).rowCount;

test('an authorization expires after its lifetime, is released at the acquirer, and books nothing', async () => {
  const payment = await platform.pay({ capture: 'manual' });
  await age(payment, '6 days 23 hours 59 minutes');
  expect(await expire()).toBe(0);
  await age(payment, '2 minutes');
  expect(await expire()).toBe(1);
  expect(await statusOf(payment)).toBe('expired');
  expect(platform.acquirer.charges.at(-1)).toMatchObject({ kind: 'void' });
  expect((await itemsOf(payment, 'events')).at(-1)).toMatchObject({
    type: 'payment.expired',
    amountMinor: 1000,
    detail: null,
  });
  expect(await itemsOf(payment, 'entries')).toEqual([]);
  expect(await expire()).toBe(0);
});

test('a captured or voided payment does not expire', async () => {
  const [captured, voided] = [await oldAuthorization(), await oldAuthorization()];
  await platform.post(`/payments/${captured.id}/capture`, {});
  await platform.post(`/payments/${voided.id}/void`, {});
  expect(await expire()).toBe(0);
  expect([await statusOf(captured), await statusOf(voided)]).toEqual(['captured', 'voided']);
});

test('an expired payment can be neither captured nor voided', async () => {
  const { id } = await oldAuthorization();
  await expire();
  for (const operation of ['capture', 'void']) {
    const { detail } = expectProblem(await platform.post(`/payments/${id}/${operation}`, {}), 409, 'invalid-state');
    expect(detail).toContain('A payment with status expired cannot become');
  }
});

test('a declined capture does not prolong an authorization', async () => {
  const payment = await oldAuthorization();
  voiding = () => Promise.resolve({ outcome: 'declined', declineCode: 'try_later' });
  await platform.post(`/payments/${payment.id}/void`, {});
  voiding = undefined;
  expect(await statusOf(payment)).toBe('authorized');
  expect(await expire()).toBe(1);
});

test('an authorization that the acquirer no longer knows expires, with its reason in the timeline', async () => {
  const payment = await oldAuthorization();
  voiding = () => Promise.resolve({ outcome: 'declined', declineCode: 'authorization_expired' });
  expect(await expire()).toBe(1);
  voiding = undefined;
  expect(await statusOf(payment)).toBe('expired');
  expect((await itemsOf(payment, 'events')).at(-1)).toMatchObject({ detail: 'authorization_expired' });
});

test('the recovery continues an expiry that the acquirer did not answer', async () => {
  const payment = await oldAuthorization();
  voiding = () => Promise.reject(new AcquirerTimeoutError('expiry'));
  expect(await expire()).toBe(0);
  expect(await expire()).toBe(0);
  expect(await statusOf(payment)).toBe('authorized');
  voiding = undefined;
  expect(await recoverStuckOperations(dependencies(), 0)).toBe(1);
  expect(await statusOf(payment)).toBe('expired');
});

test('two processes expire an authorization once', async () => {
  const payment = await oldAuthorization();
  await Promise.all([expire(), expire()]);
  const events = await itemsOf(payment, 'events');
  expect(events.filter(({ type }) => type === 'payment.expired')).toHaveLength(1);
});

test('a running loop expires what is due and forgets what has ended', async () => {
  const [open, captured, recent] = [await oldAuthorization(), await oldAuthorization(), await platform.pay()];
  await platform.post(`/payments/${captured.id}/capture`, {});
  const loop = startExpiry(dependencies());
  await eventually('both are removed', async () => !(await stored(captured)) && (await statusOf(open)) === 'expired');
  await loop.stop();
  expect(await stored(recent)).toBe(1);
});

test('a payment that is captured immediately has no authorization to expire', async () => {
  expect(await stored(await platform.pay({ capture: 'automatic' }))).toBe(0);
  expect(await stored(await platform.pay({ paymentToken: 'tok_decline_stolen_card' }))).toBe(0);
});
