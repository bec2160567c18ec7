import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateApiKey } from '../../src/merchants/api-key.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { startNode } from '../support/child-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { newMerchant } from '../support/platform.ts';
import { ask, serverEnvironment, startServer } from '../support/server-process.ts';

/** The output of a process that logs each of these objects. */
async function logged(objects: readonly object[], level = 'info'): Promise<Record<string, unknown>[]> {
  const program = `
    import { createLogger } from './src/telemetry/logger.ts';
    const logger = createLogger('${level}', 'pr123');
    for (const object of ${JSON.stringify(objects)}) logger.info(object, 'happened');`;
  const { ended, output } = startNode(['--import', 'tsx', '--input-type=module', '--eval', program]);
  expect(await ended).toBe(0);
  return output.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the logger', () => {
  test('writes one JSON line with time, level by name, environment and message', async () => {
    expect(await logged([{ paymentId: 42 }])).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        environment: 'pr123',
        paymentId: 42,
        message: 'happened',
      },
    ]);
  });

  test('writes nothing below its level', async () => {
    expect(await logged([{ paymentId: 42 }], 'warn')).toEqual([]);
  });

  test('redacts secrets at the top level and in requests and responses', async () => {
    const fields = ['authorization', 'cookie', 'set-cookie', 'password', 'apiKey', 'token', 'paymentToken', 'body'];
    const holding = (field: string, value: string) => ({
      [field]: value,
      request: { [field]: value },
      reply: { headers: { [field]: value, vary: 'origin' } },
    });
    expect(await logged(fields.map((field) => holding(field, 'open sesame')))).toEqual(
      fields.map((field) => expect.objectContaining(holding(field, '[redacted]')) as object),
    );
  });
});

describe('an error in the log', () => {
  const lines: string[] = [];
  const logger = createLogger('info', 'pr123', { write: (line: string) => lines.push(line) });
  const logged = (error: unknown) => {
    lines.length = 0;
    logger.warn({ err: error }, 'happened');
    return (JSON.parse(lines[0] ?? '') as { err: Record<string, unknown> }).err;
  };

  test('has type, message, code and stack, and no properties that a library attached', () => {
    const client = { secretKey: 4711, connectionParameters: { host: 'db' } };
    const error = Object.assign(new TypeError('lost', { cause: new Error('cut') }), {
      code: '57P01',
      client,
      detail: 'Key (reference)=(ref-of-a-customer) already exists.',
      where: ['a', 'b'],
    });
    expect(logged(error)).toEqual({
      type: 'TypeError',
      message: 'lost: cut',
      code: '57P01',
      stack: expect.stringContaining('TypeError: lost') as string,
    });
  });

  test('that is an AggregateError has message and code of each error', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED ::1:1'), { code: 'ECONNREFUSED', socket: {} });
    expect(logged(new AggregateError([refused], 'all failed'))).toMatchObject({
      message: 'all failed',
      errors: [{ message: 'connect ECONNREFUSED ::1:1', code: 'ECONNREFUSED' }],
    });
  });

  test.each([[{ password: 'open sesame' }], ['open sesame'], [undefined]])(
    'that is not an Error, %j, shows no value',
    (thrown) => {
      logged(thrown);
      expect(lines[0]).not.toContain('sesame');
    },
  );

  test('of a lost idle connection is one short line', async () => {
    const database = await createTestDatabase();
    const { process, url } = await startServer(serverEnvironment(database));
    await ask(`${url}/ready`);
    await database.superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'payments-api'`,
    );
    const line = await process.line('an idle database connection was lost');
    expect(JSON.parse(line)).toEqual({
      level: 'warn',
      time: expect.any(String) as string,
      environment: expect.any(String) as string,
      code: '57P01',
      reason: 'terminating connection due to administrator command',
      message: 'an idle database connection was lost',
    });
    process.kill('SIGTERM');
    await process.ended;
    await database.drop();
  });
});

describe('the log of the API at level trace', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('contains no credential and no query string, for successful, rejected and failed requests', async () => {
    const { apiKey } = await newMerchant(database, 'Test merchant');
    const { process, url } = await startServer({ ...serverEnvironment(database), LOG_LEVEL: 'trace' });
    const api = `${url}/api/v1`;
    const wrongKey = generateApiKey();
    const paymentToken = `tok_${randomBytes(8).toString('hex')}`;
    const inQuery = randomUUID();
    const payload = { amountMinor: 1000, currency: 'EUR', paymentToken };
    const pay = (headers: Readonly<Record<string, string>>) =>
      ask(`${api}/payments`, { method: 'POST', payload, headers: { 'idempotency-key': randomUUID(), ...headers } });

    const signedIn = await ask(`${api}/session`, { method: 'POST', payload: { apiKey } });
    const [cookie = ''] = signedIn.headers['set-cookie']?.[0]?.split(';') ?? [];
    expect(cookie).toMatch(/^session=[\w-]{43}$/);
    expect((await ask(`${api}/session`, { headers: { cookie } })).statusCode).toBe(200);
    expect((await pay({ authorization: `Bearer ${apiKey}` })).statusCode).toBe(201);
    expect((await pay({ authorization: `Bearer ${wrongKey}` })).statusCode).toBe(401);
    expect((await ask(`${api}/payments?${inQuery}=1`, { headers: { cookie } })).statusCode).toBe(400);
    await database.superuser.query('ALTER TABLE payments.payments RENAME TO gone');
    expect((await pay({ cookie })).statusCode).toBe(500);
    process.kill('SIGTERM');
    expect(await process.ended).toBe(0);

    const log = process.output.join('\n');
    expect(log.match(/"message":"request"/g)).toHaveLength(6);
    expect(log).toContain('request failed');
    for (const secret of [apiKey, wrongKey, cookie.replace('session=', ''), paymentToken, inQuery])
      expect(log).not.toContain(secret);
  });
});
