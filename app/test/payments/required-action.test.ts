import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type AuthorizationResponse, AcquirerTimeoutError } from '../../src/acquirer/acquirer.ts';
import { askAbout } from '../../src/payments/acquirer-notice.ts';
import { recoverStuckOperations } from '../../src/payments/recovery.ts';
import { changedAcquirer, endLease, newPayment, type PaymentBody, startPlatform } from '../support/platform.ts';
import type { TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

/** The acquirer's response to an authorization; the simulator's when it is `undefined`. */
let authorizing: (() => Promise<AuthorizationResponse>) | undefined;
let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({
    acquirer: (simulator) =>
      changedAcquirer(simulator, { authorize: (request) => authorizing?.() ?? simulator.authorize(request) }),
  });
});
afterEach(() => {
  authorizing = undefined;
});
afterAll(() => platform.close());

const body = { ...newPayment, paymentToken: 'tok_challenge', returnUrl: 'https://shop.example/return?order=7' };
const recover = () => recoverStuckOperations({ ...platform, pool: platform.database.api }, 10);

/** A payment that waits for its customer, and the key of its request. */
async function challenged(changes: object = {}, headers: Record<string, string> = {}) {
  const key = randomUUID();
  const create = () => platform.post('/payments', { ...body, ...changes }, { 'idempotency-key': key, ...headers });
  const response = await create();
  return { key, create, response, ...response.json<PaymentBody>() };
}
const paymentOf = async ({ id }: { readonly id: string }) =>
  (await platform.get(`/payments/${id}`)).json<PaymentBody>();
const eventsOf = async ({ id }: { readonly id: string }) =>
  (await platform.get(`/payments/${id}/events`)).json<{ items: { type: string; detail: string | null }[] }>().items;
const typesOf = async (payment: { readonly id: string }) => (await eventsOf(payment)).map(({ type }) => type);
const challengeOf = ({ nextAction }: { readonly nextAction: PaymentBody['nextAction'] }) => nextAction?.url ?? '';
const open = (url: string) => platform.app.inject({ method: 'GET', url });
/** Sends a form of the page of a challenge. */
const decide = (payment: PaymentBody, act: 'pass' | 'fail') =>
  platform.app.inject({
    method: 'POST',
    url: `${challengeOf(payment)}/${act}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: '',
  });
/** Lets the customer decide without a notice of the acquirer. */
const decideSilently = (payment: PaymentBody, outcome: 'passed' | 'failed') =>
  platform.acquirer.challenges.decide(challengeOf(payment).split('/').at(-1) ?? '', outcome);

/** Lets time pass since the payment began to wait. */
async function age({ id }: PaymentBody, interval: string): Promise<void> {
  const client = await platform.database.superuser.connect();
  try {
    // The trigger sets the time of each change.
    await client.query(`SET session_replication_role = replica`);
    await client.query('UPDATE payments.payments SET updated_at = updated_at - $2::interval WHERE id = $1', [
      id,
      interval,
    ]);
    await client.query('RESET session_replication_role');
  } finally {
    client.release();
  }
}

describe('a card that demands authentication', () => {
  test('answers 202 with the page for the customer, an event, and nothing booked', async () => {
    const payment = await challenged();
    expect(payment.response.statusCode).toBe(202);
    expect(payment.response.headers['location']).toBe(`/api/v1/payments/${payment.id}`);
    expect(payment).toMatchObject({ status: 'requires_action', capturedAmountMinor: 0 });
    expect(payment.nextAction).toEqual({
      type: 'redirect',
      url: expect.stringMatching(/^\/api\/v1\/simulated-challenges\/sim_challenge_/) as string,
    });
    expect((await paymentOf(payment)).nextAction).toEqual(payment.nextAction);
    expect(await typesOf(payment)).toEqual(['payment.created', 'payment.requires_action']);
    expect((await platform.get(`/payments/${payment.id}/entries`)).json()).toEqual({ items: [] });
  });

  test('is declined without a way back', async () => {
    const payment = await platform.pay({ paymentToken: 'tok_challenge' });
    expect(payment).toMatchObject({ status: 'declined', declineCode: 'authentication_required', nextAction: null });
  });

  test.each([
    ['automatic', 'captured', ['payment.authorized', 'payment.captured']],
    ['manual', 'authorized', ['payment.authorized']],
  ])('with %s capture is %s after the customer passed', async (capture, status, types) => {
    const payment = await challenged({ capture });
    const answer = await decide(payment, 'pass');
    expect(answer.statusCode).toBe(303);
    const page = await open(answer.headers.location ?? '');
    expect(page.body).toContain('Authentication is complete.');
    expect(page.body).toContain('href="https://shop.example/return?order=7"');
    expect(await paymentOf(payment)).toMatchObject({ status, nextAction: null });
    expect((await typesOf(payment)).slice(2)).toEqual(types);
    const repeated = await payment.create();
    expect(repeated.statusCode).toBe(201);
    expect(repeated.headers['idempotent-replayed']).toBe('true');
    expect(repeated.json()).toEqual(await paymentOf(payment));
  });

  test('is declined after the customer failed, and cannot pass any more', async () => {
    const payment = await challenged();
    await decide(payment, 'fail');
    await decide(payment, 'pass');
    const declined = { status: 'declined', declineCode: 'authentication_failed', nextAction: null };
    expect(await paymentOf(payment)).toMatchObject(declined);
    expect((await open(challengeOf(payment))).body).toContain('Authentication failed.');
  });

  test('can be neither captured nor voided while the customer has not decided', async () => {
    const { id } = await challenged({ capture: 'manual' });
    for (const operation of ['capture', 'void']) {
      const { detail } = expectProblem(await platform.post(`/payments/${id}/${operation}`, {}), 409, 'invalid-state');
      expect(detail).toContain('nextAction');
    }
  });

  test.each([
    'http://shop.example/',
    'javascript:alert(1)',
    'https://user@shop.example/',
    'https://shop.example/ x',
    '/',
  ])('is not sent back to %s', async (returnUrl) => {
    const { errors } = expectProblem(
      await platform.post('/payments', { ...body, returnUrl }),
      400,
      'validation-failed',
    );
    expect(errors).toEqual([expect.objectContaining({ pointer: '/returnUrl' })]);
  });

  test.each(['https://shop.example', 'http://localhost:3000/back', 'http://127.0.0.1/'])(
    'may be sent back to %s',
    async (returnUrl) => {
      expect(await challenged({ returnUrl })).toMatchObject({ status: 'requires_action' });
    },
  );
});

describe('without a notice of the acquirer', () => {
  test('the same request learns what the customer did', async () => {
    const payment = await challenged();
    const waiting = await payment.create();
    expect(waiting.statusCode).toBe(202);
    expect(waiting.json()).toEqual(payment.response.json());
    await decideSilently(payment, 'passed');
    const finished = await payment.create();
    expect(finished.statusCode).toBe(201);
    expect(finished.json()).toMatchObject({ id: payment.id, status: 'authorized' });
  });

  test('the recovery asks after a minute, and later less often', async () => {
    const payment = await challenged();
    await decideSilently(payment, 'passed');
    await endLease(platform, payment.key, 50);
    expect(await recover()).toBe(0);
    await endLease(platform, payment.key, 61);
    expect(await recover()).toBe(1);
    expect((await paymentOf(payment)).status).toBe('authorized');
    const old = await challenged();
    await platform.database.superuser.query(
      `UPDATE payments.idempotency_keys SET created_at = now() - interval '40 minutes' WHERE key = $1`,
      [old.key],
    );
    await decideSilently(old, 'passed');
    await endLease(platform, old.key, 240);
    expect(await recover()).toBe(0);
    await endLease(platform, old.key, 301);
    expect(await recover()).toBe(1);
  });

  test('the recovery comes to an operation without an action first', async () => {
    const { rows } = await platform.database.superuser.query<{ definition: string }>(
      `SELECT pg_get_functiondef('payments.stuck_operations'::regproc) AS definition`,
    );
    expect(rows[0]?.definition).toContain("ORDER BY k.operation ? 'actionRequired', k.created_at");
  });
});

describe('a customer who never decides', () => {
  test('loses the authorization after an hour', async () => {
    const payment = await challenged();
    await age(payment, '59 minutes');
    expect((await payment.create()).json()).toMatchObject({ status: 'requires_action' });
    await age(payment, '2 minutes');
    const ended = await payment.create();
    expect(ended.statusCode).toBe(201);
    expect(ended.json()).toMatchObject({ status: 'expired', declineCode: null, nextAction: null });
    expect((await eventsOf(payment)).at(-1)).toMatchObject({
      type: 'payment.expired',
      detail: 'authentication_abandoned',
    });
    expect((await open(challengeOf(payment))).body).toContain('This payment has ended.');
    await decide(payment, 'pass');
    expect((await paymentOf(payment)).status).toBe('expired');
  });

  test('who passes at the last moment has paid', async () => {
    const payment = await challenged({ capture: 'automatic' });
    await age(payment, '61 minutes');
    // The customer passes between the two questions to the acquirer.
    authorizing = async () => {
      const url = challengeOf(payment);
      const acquirerId = url.split('/').at(-1) ?? '';
      await decideSilently(payment, 'passed');
      return { outcome: 'action_required', acquirerId, url };
    };
    expect((await payment.create()).json()).toMatchObject({ status: 'requires_action' });
    authorizing = undefined;
    expect((await payment.create()).json()).toMatchObject({ status: 'captured' });
  });

  test('a process that died after it had released the authorization is continued', async () => {
    const payment = await challenged();
    await age(payment, '61 minutes');
    authorizing = () => Promise.resolve({ outcome: 'declined', declineCode: 'authentication_abandoned' });
    expect((await payment.create()).json()).toMatchObject({ status: 'expired' });
  });
});

describe('a notice of the acquirer', () => {
  const notice = async ({ key }: { readonly key: string }) => {
    const { rows } = await platform.database.superuser.query<{ operation_id: string }>(
      'SELECT operation_id FROM payments.idempotency_keys WHERE key = $1',
      [key],
    );
    return askAbout({ ...platform, pool: platform.database.api }, rows[0]?.operation_id ?? '', randomUUID());
  };

  test('finishes the payment once, however often it arrives', async () => {
    const payment = await challenged();
    expect(await notice(payment)).toBe('waiting');
    await decideSilently(payment, 'passed');
    const attempts = await Promise.all([notice(payment), notice(payment)]);
    expect(attempts.toSorted()).toContain('finished');
    expect(await notice(payment)).toBe('unknown');
    expect((await typesOf(payment)).filter((type) => type === 'payment.authorized')).toHaveLength(1);
  });

  test('changes nothing when the acquirer does not confirm it', async () => {
    const payment = await challenged();
    const before = await paymentOf(payment);
    for (const _ of [1, 2]) expect(await notice(payment)).toBe('waiting');
    authorizing = () => Promise.reject(new AcquirerTimeoutError('lost'));
    expect(await notice(payment)).toBe('waiting');
    expect(await paymentOf(payment)).toEqual(before);
    expect(await typesOf(payment)).toEqual(['payment.created', 'payment.requires_action']);
  });

  test('may arrive before the answer to the request', async () => {
    authorizing = () => Promise.reject(new AcquirerTimeoutError('lost'));
    const payment = await challenged();
    expect(payment.status).toBe('processing');
    authorizing = undefined;
    expect(await notice(payment)).toBe('waiting');
    expect((await paymentOf(payment)).status).toBe('requires_action');
  });
});

test('a queued payment waits for its customer, and its event is consumed', async () => {
  const payment = await challenged({}, { prefer: 'respond-async' });
  expect(payment.status).toBe('processing');
  await platform.consumeEvents();
  const waiting = await paymentOf(payment);
  expect(waiting.status).toBe('requires_action');
  await decide(waiting, 'pass');
  expect((await payment.create()).json()).toMatchObject({ status: 'authorized' });
});

test('two processes that both learn of the action store it once', async () => {
  const payment = await challenged();
  await platform.database.superuser.query(
    `SELECT payments.require_action(merchant_id, key, operation_id, gen_random_uuid(), 'other', 'https://other.example', 'again', NULL)
     FROM payments.idempotency_keys WHERE key = $1`,
    [payment.key],
  );
  expect((await paymentOf(payment)).nextAction).toEqual(payment.nextAction);
  expect(await typesOf(payment)).toEqual(['payment.created', 'payment.requires_action']);
});

describe('the page of a challenge', () => {
  test('has two forms without scripts, and is not stored', async () => {
    const page = await open(challengeOf(await challenged()));
    expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    expect(page.body.match(/<form method="post"/g)).toHaveLength(2);
    expect(page.body).not.toContain('<script');
  });

  test('escapes the way back', async () => {
    const payment = await challenged({ returnUrl: `https://shop.example/?a=1&b='x'` });
    await decide(payment, 'fail');
    const { body } = await open(challengeOf(payment));
    expect(body).toContain('href="https://shop.example/?a=1&amp;b=&#39;x&#39;"');
  });

  test.each(['sim_challenge_unknown', 'sim_challenge_unknown/pass'])('%s does not exist', async (path) => {
    const method = path.endsWith('pass') ? 'POST' : 'GET';
    expectProblem(await platform.app.inject({ method, url: `/api/v1/simulated-challenges/${path}` }), 404, 'not-found');
  });
});
