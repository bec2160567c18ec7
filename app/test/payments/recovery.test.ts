import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { patienceMilliseconds } from '../support/eventually.ts';
import { recoverStuckOperations } from '../../src/payments/recovery.ts';
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
/** Runs before each call to the acquirer. */
let beforeAsking: () => Promise<void> | void;
beforeAll(async () => {
  platform = await startPlatform({ checkpoint: (step) => (step === 'prepared' ? beforeAsking() : undefined) });
});
beforeEach(() => {
  beforeAsking = () => undefined;
});
afterAll(() => platform.close());

const recover = (olderThanSeconds = 0) =>
  recoverStuckOperations({ ...platform, pool: platform.database.api }, olderThanSeconds);

const die = () => {
  throw new Error('The process died here.');
};

const send = (key: string) => platform.post('/payments', newPayment, { 'idempotency-key': key });

/** A request whose process died before the call to the acquirer. */
async function stuckRequest(): Promise<string> {
  const key = randomUUID();
  beforeAsking = die;
  expectProblem(await send(key), 500, 'internal');
  beforeAsking = () => undefined;
  return key;
}

test('the recovery skips operations that may still be in progress', async () => {
  const key = await stuckRequest();
  expect(await recover()).toBe(0);
  // Another process may take over between the query and the lease.
  const request = { ...callerFor(platform.merchantId), key, requestHash: Buffer.alloc(32) };
  expect(await platform.payments.resume(request)).toBeUndefined();
  await endLease(platform, key, 5);
  expect(await recover(10)).toBe(0);
  expect(await recover(4)).toBe(1);
});

test('the recovery leases an operation, so that no other process or retry executes it', async () => {
  const key = await stuckRequest();
  await endLease(platform, key);
  const charges = platform.acquirer.charges.length;
  let goOn: () => void = () => undefined;
  const pause = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  beforeAsking = () => pause;
  const first = recover();
  await vi.waitFor(async () => {
    const { rowCount } = await platform.database.superuser.query(
      'SELECT FROM payments.idempotency_keys WHERE key = $1 AND leased_until > now()',
      [key],
    );
    expect(rowCount).toBe(1);
  }, patienceMilliseconds);
  expect(await recover()).toBe(0);
  expectProblem(await send(key), 409, 'request-in-progress');
  goOn();
  expect(await first).toBe(1);
  expect(platform.acquirer.charges.length - charges).toBe(1);
  expect((await send(key)).headers['idempotent-replayed']).toBe('true');
});

test('the recovery continues after a failed operation and retries it later', async () => {
  const keys = [await stuckRequest(), await stuckRequest()];
  for (const key of keys) await endLease(platform, key);
  let attempts = 0;
  beforeAsking = () => {
    attempts += 1;
    if (attempts === 1) die();
  };
  expect(await recover()).toBe(1);
  expect(attempts).toBe(2);
  for (const key of keys) await endLease(platform, key);
  expect(await recover()).toBe(1);
});

test('the recovery does not count operations without a response of the acquirer, and retries them', async () => {
  const key = randomUUID();
  const body = { ...newPayment, paymentToken: 'tok_timeout' };
  beforeAsking = die;
  await platform.post('/payments', body, { 'idempotency-key': key });
  beforeAsking = () => undefined;
  await endLease(platform, key);
  expect(await recover()).toBe(0);
  expect(await recover()).toBe(1);
  const answer = await platform.post('/payments', body, { 'idempotency-key': key });
  expect(answer.json<PaymentBody>().status).toBe('authorized');
});
