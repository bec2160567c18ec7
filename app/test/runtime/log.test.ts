import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generateApiKey } from '../../src/merchants/api-key.ts';
import { startNode } from '../support/child-process.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { newMerchant } from '../support/platform.ts';
import { ask, serverEnvironment, startServer } from '../support/server-process.ts';

/** What a process writes that logs each of these objects. */
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

  test('hides what is secret, at the top and in what a request or an answer holds', async () => {
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

describe('the log of the API, however much it is told to say', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  test('holds none of what opens a door, and no query: not when it works, not when it refuses, not when it fails', async () => {
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
