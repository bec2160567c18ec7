import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { migrate } from '../src/db/migrations.ts';
import { readSchemaFiles } from '../src/db/schema-files.ts';
import { startEntryPoint } from './support/child-process.ts';
import { createDatabaseGate } from './support/database-gate.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { eventually } from './support/eventually.ts';
import { newMerchant } from './support/platform.ts';
import { ask, listeningAddress, serverEnvironment, startServer } from './support/server-process.ts';

let database: TestDatabase;
let apiKey: string;

beforeEach(async () => {
  database = await createTestDatabase();
  ({ apiKey } = await newMerchant(database, 'Test merchant'));
});
afterEach(() => database.drop());

function pay(url: string, paymentToken: string) {
  return ask(`${url}/api/v1/payments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'idempotency-key': randomUUID() },
    payload: { amountMinor: 1000, currency: 'EUR', paymentToken },
  });
}

/** Sends a payment with tok_slow and returns when it is in flight. */
async function payInFlight(url: string): Promise<ReturnType<typeof pay>[]> {
  const payment = pay(url, 'tok_slow');
  payment.catch(() => undefined);
  await eventually('the payment is in flight', async () => {
    const { rowCount } = await database.superuser.query('SELECT FROM payments.payments');
    return rowCount === 1;
  });
  // In an array, so that `await` does not wait for it.
  return [payment];
}

describe('a running server', () => {
  test('serves health, readiness and payments over HTTPS', async () => {
    const { url } = await startServer(serverEnvironment(database));
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    expect(await ask(`${url}/health`)).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
    expect(await ask(`${url}/ready`)).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
    expect(await pay(url, 'tok_approve')).toMatchObject({ statusCode: 201 });
    await expect(fetch(`${url.replace('https', 'http')}/health`)).rejects.toThrow();
  });

  test('stays healthy without its database, but is not ready until it is back', async () => {
    const gate = await createDatabaseGate(database.port);
    await gate.open();
    const { url } = await startServer({ ...serverEnvironment(database), DATABASE_PORT: String(gate.port) });
    expect((await ask(`${url}/ready`)).statusCode).toBe(200);
    await gate.shut();
    const { statusCode, headers, body } = await ask(`${url}/ready`);
    expect(statusCode).toBe(503);
    expect(headers).toMatchObject({ 'retry-after': '2', 'content-type': 'application/problem+json; charset=utf-8' });
    expect(JSON.parse(body)).toMatchObject({ type: '/problems/overloaded' });
    expect((await pay(url, 'tok_approve')).statusCode).toBe(503);
    expect((await ask(`${url}/health`)).statusCode).toBe(200);
    await gate.open();
    await eventually('it is ready again', async () => (await ask(`${url}/ready`)).statusCode === 200);
    expect((await pay(url, 'tok_approve')).statusCode).toBe(201);
  });
});

describe('a starting server', () => {
  test('does not listen before its database is reachable', async () => {
    const gate = await createDatabaseGate(database.port);
    const port = String(await freePort());
    const environment = { ...serverEnvironment(database), PORT: port, DATABASE_PORT: String(gate.port) };
    const process = startEntryPoint('server', environment);
    await process.line('waiting for the database');
    await expect(ask(`https://127.0.0.1:${port}/health`)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await gate.open();
    const url = await listeningAddress(process);
    expect(url).toBe(`https://127.0.0.1:${port}`);
    expect((await ask(`${url}/ready`)).statusCode).toBe(200);
  });

  test('does not listen before the database has the schema of its release', async () => {
    const files = readSchemaFiles();
    const { migrations } = files;
    const older = await createTestDatabase('template0');
    const administrator = await older.administrator.connect();
    try {
      await migrate(administrator, { migrations: migrations.slice(0, -1), functions: [] });
      const process = startEntryPoint('server', serverEnvironment(older));
      const line = await process.line('waiting for the schema');
      expect(JSON.parse(line)).toMatchObject({ found: migrations.at(-2)?.name, wanted: migrations.at(-1)?.name });
      expect(process.output.join('\n')).not.toContain('"listening"');
      await migrate(administrator, files);
      expect((await ask(`${await listeningAddress(process)}/ready`)).statusCode).toBe(200);
      process.kill('SIGTERM');
      expect(await process.ended).toBe(0);
    } finally {
      administrator.release();
      await older.drop();
    }
  });

  test('exits with 1 and the reason when it cannot listen', async () => {
    const { url } = await startServer(serverEnvironment(database));
    const second = startEntryPoint('server', { ...serverEnvironment(database), PORT: new URL(url).port });
    expect(await second.ended).toBe(1);
    expect(await second.line('the API failed to start')).toContain('EADDRINUSE');
  });
});

describe('a server that receives SIGTERM', () => {
  test('finishes the request in flight, accepts no other, writes the last metrics and exits with 0', async () => {
    const { process, url } = await startServer({ ...serverEnvironment(database), SHUTDOWN_GRACE_SECONDS: '10' });
    const [payment] = await payInFlight(url);
    process.kill('SIGTERM');
    await process.line('shutting down');
    await eventually('it refuses connections', () =>
      ask(`${url}/health`).then(
        () => false,
        (error: unknown) => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED',
      ),
    );
    const answer = await payment;
    expect(answer).toMatchObject({ statusCode: 201 });
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ status: 'authorized' });
    expect(await process.ended).toBe(0);
    const { rows } = await database.superuser.query('SELECT status FROM payments.payments');
    expect(rows).toEqual([{ status: 'authorized' }]);
    expect(await process.line('_aws')).toContain('"PaymentsApproved":[1]');
  });

  test('exits with 1 when a request exceeds the grace period', async () => {
    const { process, url } = await startServer({ ...serverEnvironment(database), SHUTDOWN_GRACE_SECONDS: '1' });
    const [payment] = await payInFlight(url);
    process.kill('SIGTERM');
    expect(await process.ended).toBe(1);
    await process.line('shutdown timed out: requests in flight are aborted');
    await expect(payment).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
