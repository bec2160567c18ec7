import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recoverStuckOperations } from '../../src/payments/recovery.ts';
import { drain } from '../support/outbox.ts';
import { endLease, newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
let beforeAsking = (): void => undefined;
beforeAll(async () => {
  platform = await startPlatform({
    checkpoint: (step) => {
      if (step === 'prepared') beforeAsking();
    },
  });
});
afterAll(() => platform.close());

const pay = (key: string, correlationId: string) =>
  platform.post('/payments', newPayment, { 'idempotency-key': key, 'x-correlation-id': correlationId });

/** A request with this key whose process died before the call to the acquirer. */
async function stuck(key: string, correlationId: string): Promise<void> {
  beforeAsking = () => {
    throw new Error('The process died here.');
  };
  expect((await pay(key, correlationId)).statusCode).toBe(500);
  beforeAsking = () => undefined;
}

const correlationIds = async () => (await drain(platform)).map(({ correlationId }) => correlationId);

test('an event carries the id of the request that caused it', async () => {
  const [first, second] = [randomUUID(), 'order-4711'];
  await pay(randomUUID(), first);
  await pay(randomUUID(), second);
  expect(await correlationIds()).toEqual([first, second]);
});

test('an operation that the recovery finishes keeps the correlation id of its first request', async () => {
  const [key, began] = [randomUUID(), randomUUID()];
  await stuck(key, began);
  await endLease(platform, key);
  expect(await recoverStuckOperations({ ...platform, pool: platform.database.api }, 0)).toBe(1);
  expect(await correlationIds()).toEqual([began]);
});

test('an operation that a retry finishes keeps the correlation id of its first request', async () => {
  const [key, began] = [randomUUID(), randomUUID()];
  await stuck(key, began);
  await endLease(platform, key);
  expect((await pay(key, randomUUID())).statusCode).toBe(201);
  expect(await correlationIds()).toEqual([began]);
});

test('events and operations without a correlation id use their own id', async () => {
  const key = randomUUID();
  await pay(randomUUID(), randomUUID());
  const { rows } = await platform.database.superuser.query<{ id: string }>(
    'UPDATE payments.outbox SET correlation_id = NULL WHERE delivered_at IS NULL RETURNING id',
  );
  expect(await correlationIds()).toEqual(rows.map(({ id }) => id));
  await stuck(key, randomUUID());
  const operation = await platform.database.superuser.query<{ id: string }>(
    'UPDATE payments.idempotency_keys SET correlation_id = NULL, leased_until = NULL WHERE key = $1 RETURNING operation_id AS id',
    [key],
  );
  expect(await recoverStuckOperations({ ...platform, pool: platform.database.api }, -1)).toBe(1);
  expect(await correlationIds()).toEqual(operation.rows.map(({ id }) => id));
});
