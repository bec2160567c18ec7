import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ServiceEnvironment } from '../../src/environment.ts';
import { startEntryPoint, type StartedProcess } from '../support/child-process.ts';
import { eventually } from '../support/eventually.ts';
import { administratorArn, RotationHarness, secretArn } from '../support/rotation-harness.ts';

/** The advisory lock of ensureConnectionString. */
const connectionStringLockId = 7_264_019;

let harness: RotationHarness;
beforeAll(async () => {
  harness = await RotationHarness.start({
    // On RDS, members of this role can authenticate with IAM tokens only.
    prelude: 'CREATE ROLE rds_iam; GRANT rds_iam TO administrator WITH ADMIN TRUE, INHERIT FALSE',
  });
});
afterAll(() => harness.stop());
beforeEach(() => harness.reset());

/** Runs migrations as a deployment does. */
function migrate(changes: Readonly<Record<string, string>> = {}): StartedProcess {
  const { host, port } = harness.server;
  return startEntryPoint('migrate', {
    ...harness.aws.environment,
    ...({
      ENVIRONMENT_NAME: 'test',
      DATABASE_HOST: host,
      DATABASE_PORT: String(port),
      DATABASE_NAME: 'payments',
      DATABASE_USER: 'administrator',
      DATABASE_AUTHENTICATION: 'secret',
      DATABASE_SECRET_ARN: administratorArn,
      DATABASE_TLS: 'disable',
      CONNECTION_STRING_SECRET_ARN: secretArn,
    } satisfies ServiceEnvironment),
    ...changes,
  });
}

async function expectMigrated(process: StartedProcess, written: boolean): Promise<void> {
  expect(await process.ended).toBe(0);
  expect(JSON.parse(await process.line('connection string verified'))).toMatchObject({ secretArn, written });
  expect(process.output.join('\n')).not.toContain(harness.secret().password);
}

describe('schema migrations', () => {
  test.each([
    ['that was generated', '{"password":"generated"}'],
    ['that holds no JSON', 'generated'],
    ['whose connection string is none', '{"connectionString":"generated"}'],
    ['that holds a refused password', undefined],
  ])('write a working connection string to a secret %s', async (_what, text) => {
    harness.store.create(secretArn, text ?? harness.textFor('payments_api', 'wrong'));
    await expectMigrated(migrate(), true);
    const { host, port } = harness.server;
    const { connectionString, password, ...rest } = harness.secret();
    expect(rest).toEqual({ engine: 'postgres', host, port, dbname: 'payments', username: 'payments_api' });
    expect(password).toMatch(/^[\w-]{43}$/);
    expect(await harness.whoIs(connectionString)).toBe('payments_api');
  });

  test('write to a secret without a value', async () => {
    harness.store.create(secretArn, undefined);
    await expectMigrated(migrate(), true);
    expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api');
  });

  test('keep a working connection string, also of the alternate login', async () => {
    for (const login of ['payments_api', 'payments_api_alternate']) {
      const [text, labels] = [harness.store.text(secretArn), harness.store.labels(secretArn)];
      await expectMigrated(migrate(), false);
      expect([harness.store.text(secretArn), harness.store.labels(secretArn)]).toEqual([text, labels]);
      expect(await harness.whoIs(harness.secret().connectionString)).toBe(login);
      await harness.rotate();
    }
  });

  test('reset the password of the login in the secret, and not of the other one', async () => {
    const first = harness.secret().connectionString;
    await harness.rotate();
    await harness.superuser.query(`ALTER ROLE payments_api_alternate PASSWORD 'other'`);
    await expectMigrated(migrate(), true);
    expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api_alternate');
    expect(await harness.whoIs(first)).toBe('payments_api');
  });

  test('write the current address of the database', async () => {
    harness.store.create(
      secretArn,
      harness.textFor('payments_api', harness.secret().password).replaceAll('127.0.0.1', 'localhost'),
    );
    await expectMigrated(migrate(), true);
    expect(harness.secret()).toMatchObject({ host: '127.0.0.1', username: 'payments_api' });
  });

  test('that run concurrently agree on one connection string', async () => {
    harness.store.create(secretArn, '{}');
    const runs = [migrate(), migrate()];
    expect(await Promise.all(runs.map(({ ended }) => ended))).toEqual([0, 0]);
    const lines = await Promise.all(runs.map((run) => run.line('connection string verified')));
    expect(lines.map((line) => (JSON.parse(line) as { written: boolean }).written).sort()).toEqual([false, true]);
    expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api');
  });

  test('change neither password nor secret while another run holds the lock', async () => {
    harness.store.create(secretArn, '{}');
    const other = await harness.superuser.connect();
    await other.query('SELECT pg_advisory_lock($1)', [connectionStringLockId]);
    const run = migrate();
    await eventually('the run waits', async () => {
      const { rowCount } = await harness.superuser.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`,
      );
      return rowCount === 1;
    });
    expect(harness.store.text(secretArn)).toBe('{}');
    await other.query('SELECT pg_advisory_unlock($1)', [connectionStringLockId]);
    other.release();
    await expectMigrated(run, true);
  });

  test('that crash between database and secret are repaired by the next run', async () => {
    harness.store.create(secretArn, '{}');
    harness.store.crash('before', 'PutSecretValue');
    const crashed = migrate();
    expect(await crashed.ended).toBe(1);
    expect(crashed.output.join('\n')).toContain('crashed before PutSecretValue');
    await expectMigrated(migrate(), true);
    expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api');
  });

  test('change a password only if the login is rejected', async () => {
    await harness.superuser.query('ALTER ROLE payments_api CONNECTION LIMIT 0');
    const text = harness.store.text(secretArn);
    const process = migrate();
    expect(await process.ended).toBe(1);
    await harness.superuser.query('ALTER ROLE payments_api CONNECTION LIMIT -1');
    expect(process.output.join('\n')).toContain('too many connections for role');
    expect(harness.store.text(secretArn)).toBe(text);
    expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api');
  });

  test('set no password without a secret', async () => {
    const process = migrate({ CONNECTION_STRING_SECRET_ARN: '' });
    const { length } = harness.aws.calls;
    expect(await process.ended).toBe(0);
    expect(harness.aws.calls.slice(length).map(({ input }) => input['SecretId'])).not.toContain(secretArn);
    expect(process.output.join('\n')).not.toContain('connection string');
  });
});

describe('where members of rds_iam cannot use a password', () => {
  const rolesWithIt = async () => {
    const { rows } = await harness.superuser.query<{ name: string }>(
      `SELECT member::regrole::text AS name FROM pg_auth_members WHERE roleid = 'rds_iam'::regrole ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  beforeAll(async () => {
    const file = join(harness.server.directory, 'data', 'pg_hba.conf');
    const others = 'host all administrator,postgres 127.0.0.1/32 scram-sha-256\n';
    writeFileSync(file, `${others}host all +rds_iam 127.0.0.1/32 reject\n${readFileSync(file, 'utf8')}`);
    await harness.superuser.query('SELECT pg_reload_conf()');
  });
  beforeEach(async () => {
    // As in the first migration, for both IAM logins.
    await harness.superuser.query('GRANT rds_iam TO payments_api, payments_worker GRANTED BY administrator');
    const refused = async () =>
      harness.whoIs(harness.secret().connectionString).then(
        () => false,
        (error: unknown) => (error as pg.DatabaseError).code === '28000',
      );
    await eventually('the login is refused', refused);
  });

  test('both logins of the API can, and the other logins keep IAM authentication', async () => {
    await expectMigrated(migrate(), true);
    expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api');
    await harness.rotate();
    expect(await harness.whoIs(harness.secret().connectionString)).toBe('payments_api_alternate');
    expect(await rolesWithIt()).toEqual([
      'administrator',
      'payments_drill',
      'payments_key_rotation',
      'payments_worker',
    ]);
  });

  test('a grant that the administrator cannot revoke is reported, and the secret is unchanged', async () => {
    const text = harness.store.text(secretArn);
    await harness.superuser.query('GRANT rds_iam TO payments_api GRANTED BY postgres');
    const process = migrate();
    expect(await process.ended).toBe(1);
    await harness.superuser.query('REVOKE rds_iam FROM payments_api GRANTED BY postgres');
    expect(process.output.join('\n')).toContain('permission denied to revoke privileges granted by role');
    expect(harness.store.text(secretArn)).toBe(text);
  });
});
