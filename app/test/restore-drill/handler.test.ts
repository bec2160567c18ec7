import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { withConnection } from '../../src/db/with-connection.ts';
import { handler } from '../../src/restore-drill.ts';
import { DrillDatabases, type RestoredCopy } from '../support/drill-databases.ts';
import { startTestServer } from '../support/test-server.ts';

const minute = 60_000;
const directory = mkdtempSync(join(tmpdir(), 'restore-drill-'));
const passwordFile = join(directory, 'password');
let databases: DrillDatabases;
let restored: RestoredCopy;
beforeAll(async () => {
  writeFileSync(passwordFile, 'drill');
  databases = await DrillDatabases.start();
});
afterAll(async () => {
  rmSync(directory, { recursive: true });
  await databases.stop();
});
beforeEach(async () => {
  restored = await databases.restore();
  stubEnvironment();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await restored.database.drop();
});

/** The snapshot is 30 minutes after the compared time, before which all payments were created. */
const event = () => ({
  host: restored.database.host,
  port: restored.database.port,
  snapshotTakenAt: new Date(databases.until.getTime() + 30 * minute).toISOString(),
});

/** Tests that need only one database use the copy as live database too, because names are unique on a server. */
function stubEnvironment(): void {
  const { host, port } = inject('postgres');
  const environment = {
    ENVIRONMENT_NAME: 'test1',
    LOG_LEVEL: 'silent',
    DATABASE_HOST: host,
    DATABASE_PORT: String(port),
    DATABASE_NAME: restored.database.name,
    DATABASE_AUTHENTICATION: 'password-file',
    DATABASE_PASSWORD_FILE: passwordFile,
    DATABASE_TLS: 'disable',
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}

test('verifies an intact copy', async () => {
  await expect(handler(event())).resolves.toEqual({ outcome: 'verified' });
});

test('throws all findings as an error that the state machine does not retry', async () => {
  await restored.corrupt(`UPDATE payments.entries SET posting_id = gen_random_uuid() WHERE amount_minor > 0`);
  await expect(handler(event())).rejects.toMatchObject({
    name: 'RestoredDatabaseError',
    message: expect.stringMatching(/unbalanced-posting: .*\n.*orphan: /s) as string,
  });
});

test('compares the copy with the live database', async () => {
  const server = await startTestServer({ databaseName: restored.database.name });
  try {
    const superuser = { ...server, database: restored.database.name };
    await withConnection(superuser, (client) => client.query(`ALTER ROLE payments_drill PASSWORD 'drill'`));
    const checking = handler({ ...event(), host: server.host, port: server.port });
    await expect(checking).rejects.toThrow('differs-from-live: payments: 0 restored, 5 live');
    // Rows of the last 30 minutes before the snapshot may be missing.
    const late = `'${new Date(databases.until.getTime() + minute).toISOString()}'`;
    for (const table of ['payments', 'refunds', 'documents', 'postings', 'entries'])
      await restored.corrupt(`UPDATE payments.${table} SET created_at = ${late}`);
    await restored.corrupt(`UPDATE payments.payment_events SET occurred_at = ${late}`);
    await restored.corrupt(`UPDATE payments.ledger_blocks SET sealed_at = ${late}`);
    await expect(handler({ ...event(), host: server.host, port: server.port })).resolves.toEqual({
      outcome: 'verified',
    });
  } finally {
    await server.stop();
  }
});

test('returns too-early when the snapshot predates the drill login', async () => {
  await restored.corrupt(
    `UPDATE public.schema_migrations SET applied_at = applied_at + interval '1 day' WHERE name = '0007_access.sql'`,
  );
  await expect(handler(event())).resolves.toEqual({
    outcome: 'too-early',
    reason: expect.stringContaining('predates the login') as string,
  });
});

test('does not connect to a remote host without TLS', async () => {
  await expect(handler({ ...event(), host: 'restored.example' })).rejects.toThrow(
    'restored.example is not a loopback address',
  );
});
