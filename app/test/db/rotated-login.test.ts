import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createPool } from '../../src/db/pool.ts';
import { RotatedLogin } from '../../src/db/rotated-login.ts';
import {
  type DatabaseEnvironment,
  readEnvironment,
  type SecretVariable,
  type ServiceEnvironment,
} from '../../src/environment.ts';
import { ensureMerchantWithKey } from '../../src/merchants/merchant-repository.ts';
import { createDatabaseGate } from '../support/database-gate.ts';
import { eventually } from '../support/eventually.ts';
import { RotationHarness, secretArn } from '../support/rotation-harness.ts';
import { ask, startServer } from '../support/server-process.ts';

let bench: RotationHarness;
beforeAll(async () => {
  bench = await RotationHarness.start();
});
afterAll(() => bench.stop());
beforeEach(() => bench.reset());

/** The environment of a task that starts with the current secret. */
function taskEnvironment(): Record<string, string> {
  return {
    ENVIRONMENT_NAME: 'test',
    DATABASE_AUTHENTICATION: 'connection-string',
    DATABASE_SECRET_ARN: secretArn,
    ...({ DATABASE_CONNECTION_STRING: bench.secret().connectionString } satisfies Record<SecretVariable, string>),
  } satisfies ServiceEnvironment;
}

describe('a pool', () => {
  let environment: DatabaseEnvironment;
  let pool: pg.Pool;
  let callsBefore: number;
  beforeEach(() => {
    environment = readEnvironment({ ...taskEnvironment(), DATABASE_POOL_SIZE: '4' }).database;
    pool = createPool(environment, 'rotated-test').on('error', () => undefined);
    callsBefore = bench.aws.calls.length;
  });
  afterEach(() => pool.end());

  const whoAmI = async (by: pg.Pool | pg.PoolClient = pool) =>
    (await by.query<{ name: string }>('SELECT current_user::text AS name')).rows[0]?.name;
  const reads = () => bench.aws.calls.slice(callsBefore).map(({ input }) => input['SecretId']);
  const rotateTwice = async () => {
    await bench.rotate();
    await bench.rotate();
    callsBefore = bench.aws.calls.length;
  };

  test('connects without reading the secret until the rotation after the next', async () => {
    expect(await whoAmI()).toBe('payments_api');
    await bench.rotate();
    callsBefore = bench.aws.calls.length;
    const clients = await Promise.all([pool.connect(), pool.connect()]);
    expect(await Promise.all(clients.map((client) => whoAmI(client)))).toEqual(['payments_api', 'payments_api']);
    for (const client of clients) client.release();
    expect(reads()).toEqual([]);
  });

  test('reads the secret when the login is rejected, once for concurrent connections', async () => {
    await rotateTwice();
    const clients = await Promise.all([1, 2, 3, 4].map(() => pool.connect()));
    expect(await Promise.all(clients.map((client) => whoAmI(client)))).toEqual(Array(4).fill('payments_api'));
    for (const client of clients) client.release();
    expect(reads()).toEqual([secretArn]);
  });

  test('switches to the other login for pool.query as well', async () => {
    await bench.rotate();
    await rotateTwice();
    expect(await whoAmI()).toBe('payments_api_alternate');
    expect(reads()).toEqual([secretArn]);
  });

  test('follows every rotation', async () => {
    for (let rotation = 0; rotation < 3; rotation += 1) {
      await rotateTwice();
      await bench.superuser.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rotated-test'`,
      );
      await eventually('the pool has no connection left', () => pool.totalCount === 0);
      expect(await whoAmI()).toBe('payments_api');
      expect(reads()).toEqual([secretArn]);
    }
  });

  test('does not read the secret again for a connection that was rejected before the last read', async () => {
    const { connectionString } = bench.secret();
    const login = new RotatedLogin(secretArn, connectionString);
    const refused = login.target;
    await bench.rotate();
    callsBefore = bench.aws.calls.length;
    expect(await login.renew(refused)).toBe(true);
    expect(await login.renew(refused)).toBe(true);
    expect(login.target.user).toBe('payments_api_alternate');
    expect(reads()).toEqual([secretArn]);
    expect(await login.renew(login.target)).toBe(false);
  });

  test('keeps open connections', async () => {
    const client = await pool.connect();
    await rotateTwice();
    expect(await whoAmI(client)).toBe('payments_api');
    client.release();
    expect(reads()).toEqual([]);
  });

  test('throws when the login is rejected and the secret is unchanged', async () => {
    await bench.superuser.query(`ALTER ROLE payments_api PASSWORD 'other'`);
    await expect(pool.connect()).rejects.toMatchObject({ code: '28P01' });
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(reads()).toEqual([secretArn, secretArn]);
  });

  test('does not read the secret when the database is unreachable', async () => {
    const gate = await createDatabaseGate(bench.server.port);
    const unreachable = createPool({ ...environment, connectionString: through(gate.port) }, 'rotated-test');
    onTestFinished(() => unreachable.end());
    await expect(unreachable.connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(reads()).toEqual([]);
  });

  test.each([
    ['no JSON', 'hunter2', 'is not a JSON object'],
    ['no connection string', '{"password":"hunter2"}', "has no field 'connectionString'"],
    ['one without TLS to elsewhere', '{"connectionString":"postgresql://a:hunter2@b/c?sslmode=disable"}', 'sslmode'],
  ])('reports a secret with %s by its ARN, without quoting it', async (_what, text, reason) => {
    await bench.superuser.query(`ALTER ROLE payments_api PASSWORD 'other'`);
    bench.store.create(secretArn, text);
    const error = await pool.connect().then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    expect(error?.message).toContain(secretArn);
    expect(error?.message).toContain(reason);
    expect(`${String(error)} ${JSON.stringify(error)} ${String(error?.cause)}`).not.toContain('hunter2');
  });

  function through(port: number): string {
    return bench.secret().connectionString.replace(`:${bench.server.port}/`, `:${port}/`);
  }
});

test('a rotation cannot disable TLS, even on loopback', async () => {
  const connectionString = bench.secret().connectionString.replace('sslmode=disable', 'sslmode=verify-full');
  const { database } = readEnvironment({ ...taskEnvironment(), DATABASE_CONNECTION_STRING: connectionString });
  const pool = createPool(database, 'rotated-test');
  onTestFinished(() => pool.end());
  await expect(pool.connect()).rejects.toThrow('The server does not support SSL connections');
});

test('the API serves requests through rotations and logs no password', async () => {
  const apiKey = `pk_${'0'.repeat(48)}`;
  const superuser = await bench.superuser.connect();
  await ensureMerchantWithKey(superuser, 'First merchant', apiKey);
  superuser.release();
  const given = bench.secret();
  const { process, url } = await startServer({
    ...bench.aws.environment,
    ...taskEnvironment(),
    BIND_ADDRESS: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'trace',
  });
  const list = async () => {
    const answer = await ask(`${url}/api/v1/payments`, { headers: { authorization: `Bearer ${apiKey}` } });
    return answer.statusCode;
  };
  expect(await list()).toBe(200);
  await bench.rotate();
  await bench.rotate();
  await bench.rotate();
  await bench.superuser.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'payments_api'`);
  await process.line('an idle database connection was lost');
  await eventually('the API answers with its new login', async () => (await list()) === 200);
  const { rows } = await bench.superuser.query<{ name: string }>(
    `SELECT DISTINCT usename::text AS name FROM pg_stat_activity WHERE usename LIKE 'payments_api%'`,
  );
  expect(rows).toEqual([{ name: 'payments_api_alternate' }]);
  for (const { password } of [given, bench.secret()]) expect(process.output.join('\n')).not.toContain(password);
});
