import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asMerchant } from '../../src/db/transaction.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const merchantId = randomUUID();

async function sessionName(): Promise<string | undefined> {
  const { rows } = await database.superuser.query<{ name: string }>(
    `SELECT application_name AS name FROM pg_stat_activity WHERE datname = $1 AND usename = 'payments_api'`,
    [database.name],
  );
  return rows[0]?.name;
}

test.each([
  ['as it is', 'order-4711', 'order-4711'],
  ['by its beginning, when it is longer than PostgreSQL keeps', 'x'.repeat(128), 'x'.repeat(63)],
])('a transaction sets application_name to the correlation id, %s, for its duration', async (_how, id, name) => {
  const notices: unknown[] = [];
  const during = await asMerchant(database.api, { merchantId, correlationId: id }, async (client) => {
    client.on('notice', (notice) => notices.push(notice));
    return sessionName();
  });
  expect(during).toBe(name);
  expect(await sessionName()).not.toBe(name);
  expect(notices).toEqual([]);
});

test.each([
  ['merchant', 'is not a UUID', { merchantId: `${merchantId}'--`, correlationId: randomUUID() }],
  ['correlation', 'is not valid', { merchantId, correlationId: "', false); DROP TABLE payments.payments --" }],
  ['correlation', 'is not valid', { merchantId, correlationId: 'x'.repeat(129) }],
])('rejects an invalid %s id before it becomes part of a statement', async (_what, problem, caller) => {
  let worked = false;
  const attempt = asMerchant(database.api, caller, async () => {
    worked = true;
  });
  await expect(attempt).rejects.toThrow(problem);
  expect(worked).toBe(false);
});
