import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { schemaPage } from '../../database/schema-page.ts';
import { migrate, type MigrationResult } from '../../src/db/migrations.ts';
import { readSchemaFiles, type SchemaFiles, type SqlFile } from '../../src/db/schema-files.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { newMerchant } from '../support/platform.ts';
import { ask, serverEnvironment, startServer } from '../support/server-process.ts';

const thisRelease = readSchemaFiles();

/** The next release: it changes tables that requests write, adds one, and changes every function. */
const nextRelease: SchemaFiles = {
  migrations: [
    ...thisRelease.migrations,
    sqlFile(
      '9999_next_release.sql',
      `SET LOCAL ROLE payments_owner;
       CREATE TABLE payments.payouts (id uuid PRIMARY KEY, merchant_id uuid NOT NULL REFERENCES payments.merchants);
       ALTER TABLE payments.payments ADD COLUMN payout_id uuid REFERENCES payments.payouts;
       ALTER TABLE payments.idempotency_keys ADD COLUMN note text;
       ALTER TABLE payments.outbox ADD COLUMN priority integer NOT NULL DEFAULT 0;`,
    ),
  ],
  functions: [
    ...thisRelease.functions.map(({ name, sql }) =>
      sqlFile(
        name,
        sql.replace('AS $$', () => 'AS $$ -- The next release.\n'),
      ),
    ),
    sqlFile(
      'payouts_of',
      `SET LOCAL ROLE payments_owner;
       CREATE OR REPLACE FUNCTION payments.payouts_of(merchant uuid) RETURNS SETOF uuid LANGUAGE sql
       AS $$ SELECT id FROM payments.payouts WHERE merchant_id = merchant $$;
       REVOKE ALL ON FUNCTION payments.payouts_of FROM PUBLIC;`,
    ),
  ],
};

function sqlFile(name: string, sql: string): SqlFile {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

let database: TestDatabase;
let apiKey: string;

async function upgrade(files: SchemaFiles): Promise<MigrationResult> {
  const administrator = await database.administrator.connect();
  try {
    return await migrate(administrator, files);
  } finally {
    administrator.release();
  }
}

async function payAndRefund(url: string): Promise<number[]> {
  const post = async (path: string, payload: unknown) => {
    const headers = { authorization: `Bearer ${apiKey}`, 'idempotency-key': randomUUID() };
    for (;;) {
      const answer = await ask(`${url}/api/v1/payments${path}`, { method: 'POST', headers, payload });
      // A request that times out on a lock of the migration receives 503 with Retry-After.
      if (answer.headers['retry-after'] === undefined) return answer;
      await sleep(200);
    }
  };
  const automatic = { amountMinor: 1000, currency: 'EUR', paymentToken: 'tok_approve', capture: 'automatic' };
  const payment = await post('', automatic);
  const { id = '' } = JSON.parse(payment.body) as { id?: string };
  const refund = await post(`/${id}/refunds`, { amountMinor: 100 });
  return [payment.statusCode, refund.statusCode];
}

describe('while the previous release serves requests', () => {
  beforeEach(async () => {
    database = await createTestDatabase();
    ({ apiKey } = await newMerchant(database, 'Test merchant'));
  });
  afterEach(() => database.drop());

  test('the next release changes tables and every function without a failed request', async () => {
    const { url } = await startServer(serverEnvironment(database));
    const statuses: number[] = [];
    let upgraded = false;
    const client = async () => {
      while (!upgraded) statuses.push(...(await payAndRefund(url)));
      // Prepared statements run once more with the new schema.
      statuses.push(...(await payAndRefund(url)));
    };
    const upgradeAndEnd = async () => {
      try {
        return await upgrade(nextRelease);
      } finally {
        upgraded = true;
        // Expire the leases of interrupted operations.
        await database.superuser.query(
          `UPDATE payments.idempotency_keys SET leased_until = now() WHERE recovery_point = 'prepared'`,
        );
      }
    };
    const clients = Array.from({ length: 4 }, client);
    await eventually('requests are served', () => statuses.length > 20);
    const [{ applied, functions }] = await Promise.all([upgradeAndEnd(), ...clients]);
    expect(applied).toEqual(['9999_next_release.sql']);
    expect(functions.replaced).toEqual(
      expect.arrayContaining(thisRelease.functions.map(({ name }) => name).filter((name) => name !== 'may_move')),
    );
    expect(new Set(statuses)).toEqual(new Set([201]));
    await eventually('every event is delivered', async () => {
      const { rowCount } = await database.superuser.query('SELECT FROM payments.outbox WHERE delivered_at IS NULL');
      return rowCount === 0;
    });
  });

  test('the previous release starts on the new schema, and its migrations change nothing', async () => {
    await upgrade(nextRelease);
    const after = await schemaPage(database.superuser);
    expect(await upgrade(thisRelease)).toMatchObject({ applied: [], functions: { replaced: [], dropped: [] } });
    expect(await schemaPage(database.superuser)).toBe(after);
    const { url } = await startServer(serverEnvironment(database));
    expect(await payAndRefund(url)).toEqual([201, 201]);
  });
});

test('migrations applied one by one give the same schema as migrations applied together', async () => {
  database = await createTestDatabase('template0');
  try {
    for (const [index] of thisRelease.migrations.entries())
      await upgrade({ migrations: thisRelease.migrations.slice(0, index + 1), functions: [] });
    await upgrade(thisRelease);
    const page = readFileSync(join(import.meta.dirname, '../../database/schema.sql'), 'utf8');
    expect(await schemaPage(database.superuser)).toBe(page);
  } finally {
    await database.drop();
  }
});
