import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { migrationDirectory } from '../src/db/migration-directory.ts';
import { readMigrations } from '../src/db/migrations.ts';
import { withConnection } from '../src/db/with-connection.ts';
import { handler } from '../src/restore-drill.ts';
import { checkRestoredDatabase } from '../src/restore-drill/check-restored-database.ts';
import { readDrillSettings } from '../src/restore-drill/drill-contract.ts';
import { readAppliedMigrations, readFigures } from '../src/restore-drill/stored-facts.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { described } from './support/documents.ts';
import { startPlatform, type TestPlatform } from './support/platform.ts';
import { startTestServer } from './support/test-server.ts';

/* The live database, a snapshot of it that nobody touches, and a restored copy of the snapshot for each test. */

const migrations = readMigrations(migrationDirectory());
const minute = 60_000;
let live: TestPlatform;
let snapshot: TestDatabase;
let restored: TestDatabase;
let until: Date;
let passwordFile: string;

beforeAll(async () => {
  live = await startPlatform();
  for (const currency of ['EUR', 'USD']) {
    const { id } = await live.pay({ capture: 'automatic', currency });
    await live.post(`/payments/${id}/refunds`, { amountMinor: 300 });
    await live.post(`/payments/${id}/documents`, described(`receipt in ${currency}`));
    await live.pay({ capture: 'manual', currency });
  }
  await live.pay({ paymentToken: 'tok_decline_expired_card' });
  const { rows } = await live.database.superuser.query<{ now: Date }>('SELECT now()');
  until = rows[0]?.now ?? new Date(0);
  // A template must have no other connections.
  await live.database.superuser.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  await live.database.superuser.query(`SELECT pg_terminate_backend(pg_backend_pid())`).catch(() => undefined);
  snapshot = await createTestDatabase(live.database.name);
  const directory = mkdtempSync(join(tmpdir(), 'restore-drill-'));
  passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, 'drill');
});
afterAll(async () => {
  rmSync(join(passwordFile, '..'), { recursive: true });
  await snapshot.drop();
  await live.close();
});
beforeEach(async () => {
  restored = await createTestDatabase(snapshot.name);
});
afterEach(() => restored.drop());

function asDrill<T>({ host, port, name }: TestDatabase, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withConnection({ host, port, database: name, user: 'payments_drill', password: 'drill' }, work);
}

/** What is found in the restored copy, name by name. */
async function found(build = migrations, before = until): Promise<Record<string, string[]>> {
  const facts = await asDrill(live.database, async (client) => ({
    migrations: await readAppliedMigrations(client),
    figures: await readFigures(client, before),
  }));
  const findings = await asDrill(restored, (client) =>
    checkRestoredDatabase(client, { live: facts, migrations: build, until: before }),
  );
  const byName: Record<string, string[]> = {};
  for (const { name, detail } of findings) (byName[name] ??= []).push(detail);
  return byName;
}

/** Changes the copy behind the back of its triggers and constraints, as a broken restore would. */
async function corrupt(statement: string): Promise<void> {
  const client = await restored.superuser.connect();
  try {
    await client.query('SET session_replication_role = replica');
    const { rowCount } = await client.query(statement);
    expect(rowCount).toBeGreaterThan(0);
  } finally {
    client.release(true);
  }
}

describe('a restored copy', () => {
  test('that is what was saved has no findings', async () => {
    expect(await found()).toEqual({});
  });

  test('need not hold what was written after the snapshot, and is not blamed for it', async () => {
    await live.pay({ capture: 'automatic' });
    expect(await found()).toEqual({});
    const later = await found(migrations, new Date(until.getTime() + 10 * minute));
    expect(later['differs-from-live']).toContainEqual('payments: 5 restored, 6 live');
  });

  test('without one of the migrations is found out, and asked nothing else', async () => {
    await corrupt(`DELETE FROM public.schema_migrations WHERE name = '0004_ledger.sql'`);
    await corrupt('DELETE FROM payments.payments');
    expect(await found()).toEqual({ 'migration-missing': ['0004_ledger.sql was not applied'] });
  });

  test('whose migration was another one is found out', async () => {
    await corrupt(`UPDATE public.schema_migrations SET checksum = 'other' WHERE name = '0003_payments.sql'`);
    expect(await found()).toEqual({
      'migration-altered': [
        expect.stringMatching(/^0003_payments\.sql was applied with checksum other, expected \w{64}$/),
      ],
    });
  });

  test('is held against this build and not against what the live database believes', async () => {
    const build = migrations.map((each) => (each.name === '0002_merchants.sql' ? { ...each, checksum: 'new' } : each));
    expect(Object.keys(await found(build))).toEqual(['migration-altered']);
  });

  test('is not expected to have migrations that the live database got later, or has yet to get', async () => {
    await live.database.superuser.query(
      `UPDATE public.schema_migrations SET applied_at = now() + interval '1 hour' WHERE name = '0007_alternate_login.sql'`,
    );
    await corrupt(`DELETE FROM public.schema_migrations WHERE name = '0007_alternate_login.sql'`);
    const next = { name: '9999_next.sql', sql: '', checksum: 'next' };
    expect(await found([...migrations, next])).toEqual({});
  });

  test.each([
    ['payments', `DELETE FROM payments.payments WHERE status = 'declined'`, /^payments: 4 restored, 5 live$/],
    ['payment_events', `DELETE FROM payments.payment_events WHERE type = 'payment.declined'`, /^payment events: /],
    ['refunds', `DELETE FROM payments.refunds`, /^refunds: 0 restored, 2 live$/],
    ['documents', `DELETE FROM payments.documents`, /^documents: 0 restored, 2 live$/],
  ])('that has lost rows of %s differs from the live database', async (_table, statement, difference) => {
    await corrupt(statement);
    expect((await found())['differs-from-live']).toContainEqual(expect.stringMatching(difference));
  });

  test('that has lost a whole posting balances, and yet differs from the live database and from its payment', async () => {
    await corrupt(
      `DELETE FROM payments.entries WHERE posting_id = (SELECT id FROM payments.postings WHERE kind = 'refund' AND currency = 'USD')`,
    );
    await corrupt(`DELETE FROM payments.postings WHERE kind = 'refund' AND currency = 'USD'`);
    const findings = await found();
    expect(Object.keys(findings)).toEqual(['differs-from-live', 'payment-not-booked']);
    expect(findings['differs-from-live']).toEqual(
      expect.arrayContaining([
        'postings of kind refund: 1 restored, 2 live',
        'USD balance of merchant_payable: -1000 restored, -700 live',
      ]),
    );
  });

  test.each([
    ['refunds', 'amount_minor', 'amount of refunds: 601 restored, 600 live'],
    ['documents', 'size_bytes', 'bytes of documents: 29 restored, 28 live'],
  ])('with another %s in as many rows differs from the live database', async (table, column, detail) => {
    await corrupt(
      `UPDATE payments.${table} SET ${column} = ${column} + 1 WHERE id = (SELECT min(id::text)::uuid FROM payments.${table})`,
    );
    expect(await found()).toEqual({ 'differs-from-live': [detail] });
  });

  test('whose ledger does not balance is found out, posting and currency', async () => {
    await corrupt(
      `UPDATE payments.entries SET amount_minor = amount_minor - 1 WHERE account = 'merchant_payable' AND currency = 'EUR' AND amount_minor < 0`,
    );
    const findings = await found();
    expect(findings['unbalanced-posting']).toEqual([
      expect.stringMatching(/^1 have fewer than two entries.*: [0-9a-f-]{36}$/),
    ]);
    expect(findings['unbalanced-currency']).toEqual(['1 do not sum to zero over the whole ledger: EUR (-1)']);
  });

  test('whose currencies are mixed up is found out, although each posting sums to zero', async () => {
    await corrupt(
      `UPDATE payments.entries SET currency = 'GBP' WHERE id = (SELECT min(id::text)::uuid FROM payments.entries)`,
    );
    expect(Object.keys(await found())).toEqual(
      expect.arrayContaining(['unbalanced-posting', 'unbalanced-currency', 'differs-from-live']),
    );
  });

  test('with an entry that tells of another payment than its posting is found out', async () => {
    await corrupt(`UPDATE payments.entries SET payment_id = gen_random_uuid() WHERE account = 'merchant_payable'`);
    expect(await found()).toEqual({
      'unbalanced-posting': [expect.stringMatching(/^4 have .* of another currency or payment/)],
    });
  });

  test('with a posting that lost all its entries is found out', async () => {
    await corrupt(
      `DELETE FROM payments.entries WHERE posting_id = (SELECT id FROM payments.postings WHERE kind = 'refund' AND currency = 'USD')`,
    );
    expect((await found())['unbalanced-posting']).toEqual([expect.stringMatching(/^1 have fewer than two entries/)]);
  });

  test('with a captured payment that has no entries is found out', async () => {
    await corrupt(
      `UPDATE payments.payments SET captured_minor = amount_minor, status = 'captured' WHERE status = 'authorized' AND currency = 'EUR'`,
    );
    expect(await found()).toEqual({
      'payment-not-booked': [expect.stringMatching(/^1 have captured or refunded other amounts .*: [0-9a-f-]{36}$/)],
    });
  });

  test('with a refund that was not booked is found out', async () => {
    await corrupt(`UPDATE payments.payments SET refunded_minor = refunded_minor + 1 WHERE refunded_minor > 0`);
    expect(await found()).toEqual({ 'payment-not-booked': [expect.stringMatching(/^2 have captured or refunded/)] });
  });

  test.each([
    ['entry', `UPDATE payments.entries SET posting_id = gen_random_uuid() WHERE amount_minor > 0`],
    ['posting', `UPDATE payments.postings SET payment_id = gen_random_uuid()`],
    ['refund', `UPDATE payments.refunds SET payment_id = gen_random_uuid()`],
    ['document', `UPDATE payments.documents SET payment_id = gen_random_uuid()`],
    ['event', `UPDATE payments.payment_events SET payment_id = gen_random_uuid()`],
    ['payment', `UPDATE payments.payments SET merchant_id = gen_random_uuid()`],
  ])('with an orphaned %s is found out', async (kind, statement) => {
    await corrupt(statement);
    expect((await found())['orphan']).toEqual([expect.stringMatching(`${kind} [0-9a-f-]{36}`)]);
  });

  test('names five offenders of a kind and counts the rest', async () => {
    await corrupt('DELETE FROM payments.merchants');
    await corrupt('UPDATE payments.payment_events SET payment_id = gen_random_uuid()');
    const [detail = ''] = (await found())['orphan'] ?? [];
    const { rows } = await restored.superuser.query<{ total: string }>(
      'SELECT ((SELECT count(*) FROM payments.payment_events) + (SELECT count(*) FROM payments.payments))::text AS total',
    );
    expect(detail).toMatch(new RegExp(`^${String(rows[0]?.total)} refer to`));
    expect(detail.match(/[0-9a-f-]{36}/g)).toHaveLength(5);
  });
});

describe('the function', () => {
  /** Until the moment that is compared, half an hour before the snapshot, all of the test's payments were made. */
  const event = () => ({
    host: restored.host,
    port: restored.port,
    snapshotTakenAt: new Date(until.getTime() + 30 * minute).toISOString(),
  });

  /** The copy stands in for the live database as well, where a test does not need them apart: a server has one database of a name. */
  const stubEnvironment = (changes: Record<string, string> = {}) => {
    const { host, port } = inject('postgres');
    const environment = {
      ENVIRONMENT_NAME: 'test1',
      LOG_LEVEL: 'silent',
      DATABASE_HOST: host,
      DATABASE_PORT: String(port),
      DATABASE_NAME: restored.name,
      DATABASE_AUTHENTICATION: 'password-file',
      DATABASE_PASSWORD_FILE: passwordFile,
      DATABASE_TLS: 'disable',
      ...changes,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  };
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('verifies a copy that is as it should be', async () => {
    stubEnvironment();
    await expect(handler(event())).resolves.toEqual({ outcome: 'verified' });
  });

  test('throws all findings under a name that no retry matches', async () => {
    stubEnvironment();
    await corrupt(`UPDATE payments.entries SET posting_id = gen_random_uuid() WHERE amount_minor > 0`);
    await expect(handler(event())).rejects.toMatchObject({
      name: 'RestoredDatabaseError',
      message: expect.stringMatching(/unbalanced-posting: .*\n.*orphan: /s) as string,
    });
  });

  test('holds the copy against the live database, not against itself', async () => {
    const server = await startTestServer({ databaseName: restored.name });
    try {
      const superuser = { ...server, database: restored.name };
      await withConnection(superuser, (client) => client.query(`ALTER ROLE payments_drill PASSWORD 'drill'`));
      stubEnvironment();
      const checking = handler({ ...event(), host: server.host, port: server.port });
      await expect(checking).rejects.toThrow('differs-from-live: payments: 0 restored, 5 live');
      // What was written in the last half an hour before the snapshot may be in it or not.
      const late = `'${new Date(until.getTime() + minute).toISOString()}'`;
      for (const table of ['payments', 'refunds', 'documents', 'postings', 'entries'])
        await corrupt(`UPDATE payments.${table} SET created_at = ${late}`);
      await corrupt(`UPDATE payments.payment_events SET occurred_at = ${late}`);
      await expect(handler({ ...event(), host: server.host, port: server.port })).resolves.toEqual({
        outcome: 'verified',
      });
    } finally {
      await server.stop();
    }
  });

  test('says that it is too early when the snapshot is older than its login', async () => {
    stubEnvironment();
    await corrupt(
      `UPDATE public.schema_migrations SET applied_at = applied_at + interval '1 day' WHERE name = '0013_restore_drill.sql'`,
    );
    await expect(handler(event())).resolves.toEqual({
      outcome: 'too-early',
      reason: expect.stringContaining('is older than the login') as string,
    });
  });

  test('connects to no other machine without TLS, wherever the event sends it', async () => {
    stubEnvironment();
    await expect(handler({ ...event(), host: 'restored.example' })).rejects.toThrow('Without TLS, restored.example');
  });

  test('has safe defaults, and says what is missing', () => {
    const { live: settings } = readDrillSettings({
      ENVIRONMENT_NAME: 'a',
      DATABASE_HOST: 'db.example',
      DATABASE_NAME: 'payments',
    });
    expect(settings).toMatchObject({ user: 'payments_drill', authentication: 'iam', tls: 'verify-full', port: 5432 });
    expect(() => readDrillSettings({ DATABASE_TLS: 'disable', DATABASE_HOST: 'db.example' })).toThrow('3 problem(s)');
  });
});
