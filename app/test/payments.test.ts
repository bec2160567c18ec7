import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from './support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

test('smoke', async () => {
  const payment = await platform.pay();
  expect(payment).toMatchObject({ status: 'authorized', amountMinor: 1000 });
});
