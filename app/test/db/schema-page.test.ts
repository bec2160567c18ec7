import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaPage } from '../../database/schema-page.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

const page = readFileSync(join(import.meta.dirname, '../../database/schema.sql'), 'utf8');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('schema.sql is up to date; npm run schema --workspace app renews it', async () => {
  expect(await schemaPage(database.superuser)).toBe(page);
});

describe('the schema description shows', () => {
  test.each([
    ['a column', 'ALTER TABLE payments.refunds ADD COLUMN note text'],
    ['a type', 'ALTER TABLE payments.refunds ALTER COLUMN reason TYPE varchar(255)'],
    ['a default', 'ALTER TABLE payments.refunds ALTER COLUMN created_at DROP DEFAULT'],
    ['a constraint', 'ALTER TABLE payments.refunds DROP CONSTRAINT refunds_amount_minor_check'],
    ['a foreign key', 'ALTER TABLE payments.refunds DROP CONSTRAINT refunds_payment_id_merchant_id_fkey'],
    ['an option', 'ALTER TABLE payments.payments RESET (fillfactor)'],
    ['an index', 'CREATE INDEX ON payments.refunds (payment_id)'],
    ['a trigger', 'DROP TRIGGER immutable ON payments.entries'],
    ['row-level security', 'ALTER TABLE payments.refunds DISABLE ROW LEVEL SECURITY'],
    ['a policy', 'ALTER POLICY own_rows ON payments.refunds TO payments_api, payments_worker'],
    ['a right on a table', 'GRANT DELETE ON payments.refunds TO payments_api'],
    ['a right on a column', 'GRANT UPDATE (reason) ON payments.refunds TO payments_api'],
    ['a comment', `COMMENT ON COLUMN payments.refunds.reason IS 'Why'`],
    ['a function', 'DROP FUNCTION payments.unpark_events'],
    ['whose rights a function has', 'ALTER FUNCTION payments.unpark_events SECURITY INVOKER'],
    ['who may execute a function', 'GRANT EXECUTE ON FUNCTION payments.unpark_events TO PUBLIC'],
  ])('%s', async (_what, change) => {
    const client = await database.superuser.connect();
    try {
      await client.query('BEGIN');
      await client.query(change);
      expect(await schemaPage(client)).not.toBe(page);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});
