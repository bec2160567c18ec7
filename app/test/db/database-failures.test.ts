import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isTransientError } from '../../src/db/transient-error.ts';
import { clientConfigFor, createPool } from '../../src/db/pool.ts';
import { readEnvironment } from '../../src/environment.ts';
import { newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';
import { serverEnvironment } from '../support/server-process.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
  await platform.database.superuser.query(`
    CREATE TABLE public.failure (state text);
    CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      DECLARE failing text := (SELECT state FROM public.failure);
      BEGIN
        IF failing IS NOT NULL THEN RAISE 'as a full disk would' USING ERRCODE = failing; END IF;
        RETURN NEW;
      END $$;
    CREATE TRIGGER fail BEFORE INSERT ON payments.payments FOR EACH ROW EXECUTE FUNCTION public.fail();
  `);
});
afterAll(() => platform.close());

async function payWhileFailingWith(state: string) {
  await platform.database.superuser.query('INSERT INTO public.failure VALUES ($1)', [state]);
  const first = platform.log.length;
  const response = await platform.post('/payments', newPayment);
  await platform.database.superuser.query('DELETE FROM public.failure');
  const lines = platform.log.slice(first).map((line) => JSON.parse(line) as { level: number; err?: { code: string } });
  return { response, logged: lines.filter(({ err }) => err).map(({ level, err }) => [level, err?.code]) };
}

describe('a failure of the database', () => {
  test.each(['53100', '57014', '25006', '40P01', '08006'])(
    'with a transient SQLSTATE, %s, returns 503 with Retry-After',
    async (state) => {
      const { response, logged } = await payWhileFailingWith(state);
      expectProblem(response, 503, 'overloaded');
      expect(response.headers['retry-after']).toBe('2');
      expect(logged).toEqual([[40, state]]);
      expect((await platform.post('/payments', newPayment)).statusCode).toBe(201);
    },
  );

  test.each(['23514', '22001', '42501', 'P0001'])('with another SQLSTATE, %s, returns 500', async (state) => {
    const { response, logged } = await payWhileFailingWith(state);
    expectProblem(response, 500, 'internal');
    expect(logged).toEqual([[50, state]]);
  });
});

test.each([
  [{ code: 'ECONNRESET', message: 'read ECONNRESET' }, true],
  [{ message: 'Connection terminated unexpectedly' }, true],
  [{ message: 'Query read timeout' }, true],
  [{ code: 'ERR_ASSERTION', message: 'no' }, false],
  [{ message: 'Payment is gone.' }, false],
])('%j is transient: %s', (error, passes) => {
  expect(isTransientError(error)).toBe(passes);
});

test('a session that is idle in a transaction is terminated and releases its locks', async () => {
  const { host, port, name } = platform.database;
  const target = { host, port, name, user: 'payments_api', tls: 'disable' as const, password: 'api' };
  const client = new pg.Client(clientConfigFor(target, 'test'));
  await client.connect();
  const { rows } = await client.query<{ limit: string }>(
    `SELECT current_setting('idle_in_transaction_session_timeout') AS limit`,
  );
  await client.end();
  expect(rows).toEqual([{ limit: '10s' }]);
});

test('a connection that breaks within a transaction fails the next query only', async () => {
  const { database } = readEnvironment({ ...serverEnvironment(platform.database), BIND_ADDRESS: '127.0.0.1' });
  const pool = createPool(database, 'test').on('error', () => undefined);
  const client = await pool.connect();
  await client.query('BEGIN');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const over = new Promise((resolve) => client.once('end', resolve));
  await platform.database.superuser.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]);
  // Without an error listener on the client, an uncaught exception would fail this run.
  await over;
  await expect(client.query('SELECT 1')).rejects.toThrow('not queryable');
  client.release(true);
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  await pool.end();
});
