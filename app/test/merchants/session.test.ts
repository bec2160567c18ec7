import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { newKey, newPayment, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const url = '/api/v1/session';
const signIn = (apiKey: string, from = platform) => from.app.inject({ method: 'POST', url, payload: { apiKey } });

/** The attributes of the only cookie of a response. */
function cookieOf({ headers }: { readonly headers: Record<string, unknown> }): { token: string; attributes: string[] } {
  const [pair = '', ...attributes] = String(headers['set-cookie']).split('; ');
  expect(pair).toMatch(/^session=/);
  return { token: pair.slice('session='.length), attributes: attributes.sort() };
}

async function signedIn(apiKey = platform.apiKey): Promise<string> {
  return cookieOf(await signIn(apiKey)).token;
}

const whoIs = (token: string) => platform.app.inject({ method: 'GET', url, headers: { cookie: `session=${token}` } });

describe('signing in', () => {
  test.each([-3_600_000, 3_600_000])(
    'creates the same session on a machine whose clock is off by %i ms',
    async (shift) => {
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + shift });
      onTestFinished(() => void vi.useRealTimers());
      const { token } = cookieOf(await signIn(platform.apiKey));
      expect((await whoIs(token)).statusCode).toBe(200);
      const { rows } = await platform.database.superuser.query(
        `SELECT expires_at BETWEEN now() + interval '29 minutes' AND now() + interval '30 minutes' AS right
       FROM payments.sessions WHERE token_hash = $1`,
        [createHash('sha256').update(token).digest()],
      );
      expect(rows).toEqual([{ right: true }]);
    },
  );

  test('sets an HttpOnly, SameSite=Strict cookie', async () => {
    const response = await signIn(platform.apiKey);
    expect(response.statusCode).toBe(201);
    const { token, attributes } = cookieOf(response);
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=1800', 'Path=/api', 'SameSite=Strict', 'Secure']);
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(response.body).not.toContain(token);
    expect(response.json()).toEqual({
      merchant: { id: platform.merchantId, name: 'Test merchant' },
      scopes: ['payments:read', 'payments:write', 'refunds:write', 'reports:read', 'keys:write', 'webhooks:write'],
      expiresAt: expect.stringMatching(/Z$/) as string,
      person: null,
    });
  });

  test('two platforms on one host have separate sessions', async () => {
    const cookieNames = ['session-8080', 'session-9000'];
    const platforms = await Promise.all(cookieNames.map((cookieName) => startPlatform({ cookieName })));
    onTestFinished(async () => {
      await Promise.all(platforms.map((each) => each.close()));
    });
    const jar = new Map<string, string>();
    const headers = () => ({ cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') });
    for (const each of platforms) {
      const [cookie] = (await signIn(each.apiKey, each)).cookies;
      jar.set(cookie?.name ?? '', cookie?.value ?? '');
    }
    expect([...jar.keys()]).toEqual(cookieNames);
    const statuses = () =>
      Promise.all(platforms.map(async (each) => (await each.app.inject({ url, headers: headers() })).statusCode));
    expect(await statuses()).toEqual([200, 200]);
    await platforms[0]?.app.inject({ method: 'DELETE', url, headers: headers() });
    expect(await statuses()).toEqual([401, 200]);
    for (const [index, each] of platforms.entries()) {
      const document = await each.app.inject('/api/v1/openapi.json');
      expect(document.json()).toMatchObject({
        components: { securitySchemes: { session: { in: 'cookie', name: cookieNames[index] } } },
      });
    }
  });

  test('omits only Secure when it is turned off', async () => {
    const local = await startPlatform({ secureCookie: false });
    onTestFinished(() => local.close());
    const { attributes } = cookieOf(await signIn(local.apiKey, local));
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=1800', 'Path=/api', 'SameSite=Strict']);
  });

  test.each([
    ['an unknown key', () => `pk_${'0'.repeat(48)}`],
    ['an expired key', () => newKey(platform.database, platform.merchantId, { expiresIn: '-1 second' })],
    ['a revoked key', () => newKey(platform.database, platform.merchantId, { revoked: true })],
  ])('with %s is rejected without a cookie', async (_what, key) => {
    const response = await signIn(await key());
    expectProblem(response, 401, 'unauthenticated');
    expect(response.headers['set-cookie']).toBeUndefined();
  });

  test('creates a new token each time, of which the database stores the digest only', async () => {
    const [first, second] = [await signedIn(), await signedIn()];
    expect(first).not.toBe(second);
    const { rows } = await platform.database.superuser.query(
      `SELECT expires_at, to_jsonb(s)::text AS text, round(extract(epoch FROM expires_at - created_at) / 60)::int AS minutes
       FROM payments.sessions s WHERE token_hash = $1`,
      [createHash('sha256').update(first).digest()],
    );
    expect(rows).toEqual([
      { expires_at: expect.any(Date) as Date, text: expect.not.stringContaining(first) as string, minutes: 30 },
    ]);
    expect((await whoIs(first)).json<{ expiresAt: string }>().expiresAt).toBe(
      (rows as { expires_at: Date }[])[0]?.expires_at.toISOString(),
    );
    expect(platform.log.join('\n')).not.toContain(first);
  });
});

describe('a session', () => {
  test('has the scopes of its key', async () => {
    const cookie = `session=${await signedIn()}`;
    const headers = { cookie, 'idempotency-key': 'from-a-browser' };
    const paid = await platform.app.inject({ method: 'POST', url: '/api/v1/payments', payload: newPayment, headers });
    expect(paid.statusCode).toBe(201);
    const readOnly = await newKey(platform.database, platform.merchantId, { scopes: ['payments:read'] });
    const refused = await platform.app.inject({
      method: 'POST',
      url: '/api/v1/payments',
      payload: newPayment,
      headers: { ...headers, cookie: `session=${await signedIn(readOnly)}` },
    });
    expectProblem(refused, 403, 'insufficient-scope');
  });

  test('does not authenticate a request with a wrong bearer key', async () => {
    const cookie = `session=${await signedIn()}`;
    const response = await platform.get('/session', { cookie, authorization: 'Bearer wrong' });
    expectProblem(response, 401, 'unauthenticated');
  });

  test('expires', async () => {
    const token = await signedIn();
    expect((await whoIs(token)).statusCode).toBe(200);
    await platform.database.superuser.query(
      `UPDATE payments.sessions SET expires_at = now() - interval '1 second' WHERE token_hash = $1`,
      [createHash('sha256').update(token).digest()],
    );
    expectProblem(await whoIs(token), 401, 'unauthenticated');
  });

  test.each(['revoked_at', 'expires_at'])('ends with its key: %s', async (column) => {
    const key = await newKey(platform.database, platform.merchantId);
    const token = await signedIn(key);
    expect((await whoIs(token)).statusCode).toBe(200);
    await platform.database.superuser.query(`UPDATE payments.api_keys SET ${column} = now() WHERE key_hash = $1`, [
      createHash('sha256').update(key).digest(),
    ]);
    expectProblem(await whoIs(token), 401, 'unauthenticated');
  });

  test('ends on sign-out with its cookie, and other sessions continue', async () => {
    const [token, another] = [await signedIn(), await signedIn()];
    const response = await platform.app.inject({ method: 'DELETE', url, headers: { cookie: `session=${token}` } });
    expect(response.statusCode).toBe(204);
    const forgotten = cookieOf(response);
    expect(forgotten.token).toBe('');
    expect(forgotten.attributes).toEqual(
      expect.arrayContaining(['Max-Age=0', 'Path=/api', 'HttpOnly', 'SameSite=Strict']),
    );
    expectProblem(await whoIs(token), 401, 'unauthenticated');
    expect((await whoIs(another)).statusCode).toBe(200);
  });

  test('that does not exist can be signed out', async () => {
    expect((await platform.app.inject({ method: 'DELETE', url })).statusCode).toBe(204);
  });
});
