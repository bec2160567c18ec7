import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digest } from '../../src/merchants/merchant-repository.ts';
import { scopes } from '../../src/merchants/roles.ts';
import { newKey, newMerchant, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** Every route that requires authentication, with its scope. */
const somePayment = randomUUID();
const routes = [
  ['GET', '/session', undefined],
  ['POST', '/payments', 'payments:write'],
  ['GET', '/payments', 'payments:read'],
  ['GET', `/payments/${somePayment}`, 'payments:read'],
  ['POST', `/payments/${somePayment}/capture`, 'payments:write'],
  ['POST', `/payments/${somePayment}/void`, 'payments:write'],
  ['POST', `/payments/${somePayment}/refunds`, 'refunds:write'],
  ['GET', `/payments/${somePayment}/events`, 'payments:read'],
  ['GET', `/payments/${somePayment}/entries`, 'reports:read'],
  ['GET', '/refunds', 'payments:read'],
  ['GET', '/ledger/entries', 'reports:read'],
  ['GET', '/ledger/balances', 'reports:read'],
  ['GET', '/summary/daily', 'reports:read'],
  ['GET', '/summary/declines', 'reports:read'],
  ['GET', '/reports/payments.csv', 'reports:read'],
  ['GET', '/reports/payments.ndjson', 'reports:read'],
  ['GET', '/reports/refunds.csv', 'reports:read'],
  ['GET', '/reports/refunds.ndjson', 'reports:read'],
  ['GET', '/reports/ledger-entries.csv', 'reports:read'],
  ['GET', '/reports/ledger-entries.ndjson', 'reports:read'],
  ['GET', '/api-keys', 'keys:write'],
  ['POST', '/api-keys', 'keys:write'],
  ['POST', `/api-keys/${somePayment}/roll`, 'keys:write'],
  ['POST', `/api-keys/${somePayment}/revoke`, 'keys:write'],
  ['GET', '/webhook-endpoints', 'webhooks:write'],
  ['POST', '/webhook-endpoints', 'webhooks:write'],
  ['GET', `/webhook-endpoints/${somePayment}`, 'webhooks:write'],
  ['PUT', `/webhook-endpoints/${somePayment}`, 'webhooks:write'],
  ['DELETE', `/webhook-endpoints/${somePayment}`, 'webhooks:write'],
  ['POST', `/webhook-endpoints/${somePayment}/enable`, 'webhooks:write'],
  ['POST', `/webhook-endpoints/${somePayment}/disable`, 'webhooks:write'],
  ['POST', `/webhook-endpoints/${somePayment}/roll`, 'webhooks:write'],
  ['POST', `/webhook-endpoints/${somePayment}/test`, 'webhooks:write'],
  ['POST', `/webhook-endpoints/${somePayment}/resend`, 'webhooks:write'],
  ['GET', `/webhook-endpoints/${somePayment}/deliveries`, 'webhooks:write'],
  ['GET', `/webhook-endpoints/${somePayment}/deliveries/${somePayment}/attempts`, 'webhooks:write'],
  ['POST', `/webhook-endpoints/${somePayment}/deliveries/${somePayment}/resend`, 'webhooks:write'],
] as const;

describe('without a valid key', () => {
  test.each(routes)('%s %s returns 401', async (method, path) => {
    const response = await platform.app.inject({
      method,
      url: `/api/v1${path}`,
      ...(['POST', 'PUT'].includes(method) && { payload: {} }),
    });
    expectProblem(response, 401, 'unauthenticated');
    expect(response.headers['www-authenticate']).toBe('Bearer realm="payments"');
  });

  test.each([
    ['an unknown key', `Bearer pk_${'0'.repeat(48)}`],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['a scheme alone', 'Bearer '],
    ['a key that is too long', `Bearer ${'k'.repeat(257)}`],
    ['a key in SQL', `Bearer ' OR true --`],
  ])('%s returns 401', async (_what, authorization) => {
    expectProblem(await platform.get('/payments', { authorization }), 401, 'unauthenticated');
  });

  test('expired and revoked keys return the same problem as unknown ones', async () => {
    const keys = [
      `pk_${'0'.repeat(48)}`,
      await newKey(platform.database, platform.merchantId, { expiresIn: '-1 second' }),
      await newKey(platform.database, platform.merchantId, { revoked: true }),
    ];
    const words = await Promise.all(
      keys.map(
        async (key) => expectProblem(await platform.get('/payments', bearer(key)), 401, 'unauthenticated').detail,
      ),
    );
    expect(new Set(words).size).toBe(1);
  });

  test('accepts a key until it expires', async () => {
    const key = await newKey(platform.database, platform.merchantId, { expiresIn: '1 hour' });
    expect((await platform.get('/payments', bearer(key))).statusCode).toBe(200);
    await platform.database.administrator.query(
      `UPDATE payments.api_keys SET expires_at = now() - interval '1 second' WHERE key_hash = $1`,
      [createHash('sha256').update(key).digest()],
    );
    expectProblem(await platform.get('/payments', bearer(key)), 401, 'unauthenticated');
  });
});

describe.each(scopes)('a key with the scope %s alone', (scope) => {
  let key: string;
  beforeAll(async () => {
    key = await newKey(platform.database, platform.merchantId, { scopes: [scope] });
  });

  test.each(routes.filter((route) => route[2] !== undefined && route[2] !== scope))(
    'is rejected by %s %s',
    async (method, path) => {
      const response = await platform.send({
        method,
        url: `/api/v1${path}`,
        headers: bearer(key),
        ...(['POST', 'PUT'].includes(method) && { payload: {} }),
      });
      expectProblem(response, 403, 'insufficient-scope');
    },
  );

  test.each(routes.filter((route) => route[2] === undefined || route[2] === scope))(
    'is accepted by %s %s',
    async (method, path) => {
      const response = await platform.send({
        method,
        url: `/api/v1${path}`,
        headers: bearer(key),
        ...(['POST', 'PUT'].includes(method) && { payload: {} }),
      });
      expect([200, 400, 404]).toContain(response.statusCode);
    },
  );
});

test('the database stores the digest of a key, and the log nothing', async () => {
  await platform.get('/payments');
  await platform.get('/payments', { authorization: platform.apiKey });
  await platform.get(`/payments?apiKey=${platform.apiKey}`);
  await platform.get(`/payments/${platform.apiKey}`);
  await platform.post('/session', { apiKey: platform.apiKey, unknown: platform.apiKey });
  await platform.get('/session', { 'x-correlation-id': 'the-last-of-this-test' });
  const log = platform.log.join('\n');
  expect(log).toContain('the-last-of-this-test');
  expect(log).not.toContain(platform.apiKey.slice(3));

  const { rows } = await platform.database.superuser.query<{ keys: string; hash: Buffer }>(
    `SELECT string_agg(to_jsonb(k)::text, '') AS keys, (array_agg(key_hash ORDER BY created_at))[1] AS hash FROM payments.api_keys k`,
  );
  expect(rows[0]?.keys).not.toContain(platform.apiKey.slice(3));
  expect(rows[0]?.hash).toEqual(createHash('sha256').update(platform.apiKey).digest());
});

test('concurrent requests are authenticated independently; a key is not a session, and a session not a key', async () => {
  const other = await newMerchant(platform.database, 'Somebody else');
  const signedIn = await platform.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    payload: { apiKey: platform.apiKey },
  });
  const token = signedIn.cookies[0]?.value ?? '';
  const ask = async (headers: Record<string, string>) => {
    const response = await platform.app.inject({ url: '/api/v1/session', headers });
    return response.statusCode === 200
      ? response.json<{ merchant: { id: string } }>().merchant.id
      : response.statusCode;
  };
  const round = [
    { headers: { authorization: `Bearer ${platform.apiKey}` }, is: platform.merchantId },
    { headers: { authorization: `Bearer ${other.apiKey}` }, is: other.merchantId },
    { headers: { cookie: `session=${token}` }, is: platform.merchantId },
    { headers: { cookie: `session=${platform.apiKey}` }, is: 401 },
    { headers: { authorization: `Bearer ${token}` }, is: 401 },
    { headers: { authorization: `Bearer ${other.apiKey}0` }, is: 401 },
  ];
  const asked = Array.from({ length: 5 }, () => round).flat();
  expect(await Promise.all(asked.map(({ headers }) => ask(headers)))).toEqual(asked.map(({ is }) => is));
});

test('a revoked key is rejected immediately', async () => {
  const key = await newKey(platform.database, platform.merchantId);
  const ask = async () => (await platform.get('/payments', { authorization: `Bearer ${key}` })).statusCode;
  expect(await ask()).toBe(200);
  await platform.database.administrator.query('UPDATE payments.api_keys SET revoked_at = now() WHERE key_hash = $1', [
    digest(key),
  ]);
  expect(await ask()).toBe(401);
});
