import { afterAll, beforeAll, expect, test } from 'vitest';
import { asMerchant } from '../../src/db/transaction.ts';
import { waitQueueOf, WaitQueue } from '../../src/db/wait-queue.ts';
import { GatedAcquirer } from '../support/gated-acquirer.ts';
import { callerFor, startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
const acquirer = new GatedAcquirer();
beforeAll(async () => {
  platform = await startPlatform({ acquirer: acquirer.behind });
});
afterAll(() => platform.close());

test('the age is that of the oldest waiting member', async () => {
  const line = new WaitQueue();
  expect(line.ageMilliseconds).toBe(0);
  const leaveFirst = line.join();
  await expect.poll(() => line.ageMilliseconds).toBeGreaterThan(20);
  const leaveSecond = line.join();
  expect(line.ageMilliseconds).toBeGreaterThan(20);
  const before = line.ageMilliseconds;
  leaveFirst();
  leaveFirst();
  expect(line.ageMilliseconds).toBeLessThan(before);
  leaveSecond();
  expect(line.ageMilliseconds).toBe(0);
});

test('only requests that wait for a connection are in the queue, not those that wait for the acquirer', async () => {
  const pool = platform.database.api;
  const held = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  const line = waitQueueOf(pool);
  expect(line.ageMilliseconds).toBe(0);
  const waiting = asMerchant(pool, callerFor(platform.merchantId), () => Promise.resolve('done'));
  await expect.poll(() => line.ageMilliseconds).toBeGreaterThan(5);
  for (const client of held) client.release();
  expect(await waiting).toBe('done');
  expect(line.ageMilliseconds).toBe(0);
  const openGate = acquirer.shut();
  const slow = platform.pay({ reference: 'slow' });
  await expect
    .poll(() =>
      platform.database.superuser
        .query(`SELECT FROM payments.payments WHERE reference = 'slow'`)
        .then(({ rowCount }) => rowCount),
    )
    .toBe(1);
  expect(line.ageMilliseconds).toBe(0);
  openGate();
  await slow;
});
