import { createHash } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { newOperatorKey } from '../support/operator.ts';
import { Browser, locationOf, type SignInBench, startSignInBench } from '../support/identity-provider.ts';
import { newPayment, startPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let bench: SignInBench;
beforeAll(async () => {
  bench = await startSignInBench();
});
afterAll(() => bench.close());

const digestOf = (token: string) => createHash('sha256').update(token).digest();
const tokenOf = (browser: Browser) => browser.console.get('session') ?? '';
const whoIs = (browser: Browser) => browser.open('/api/v1/session');

async function signedIn(role: string): Promise<Browser> {
  const browser = new Browser(bench);
  expect((await browser.signIn(role)).statusCode).toBe(303);
  return browser;
}

const wrongClaim = 'OAUTH_JWT_CLAIM_COMPARISON_FAILED';

/** The refusals in the log. */
function refusals(): unknown[] {
  return bench.platform.log
    .map((line) => JSON.parse(line) as { readonly msg?: string })
    .filter(({ msg }) => msg === 'sign-in refused');
}

/** The browser is back on the sign-in page with a reason, and without a session. */
async function expectRefused(browser: Browser, response: LightMyRequestResponse, reason: string): Promise<void> {
  expect([response.statusCode, locationOf(response)]).toEqual([303, `/sign-in?problem=${reason}`]);
  expect(browser.console.has('session')).toBe(false);
  expectProblem(await whoIs(browser), 401, 'unauthenticated');
}

describe('a person signs in', () => {
  test.each([
    ['viewer', 'Vera Lind', ['payments:read', 'reports:read']],
    ['support', 'Sam Okafor', ['payments:read', 'reports:read', 'payments:write', 'refunds:write']],
    [
      'administrator',
      'Ada Novak',
      ['payments:read', 'payments:write', 'refunds:write', 'reports:read', 'keys:write', 'webhooks:write'],
    ],
  ])('as %s, with the scopes of the role', async (role, name, scopes) => {
    const browser = new Browser(bench);
    const response = await browser.signIn(role, '/payments?status=voided');
    expect([response.statusCode, locationOf(response)]).toEqual([303, '/payments?status=voided']);
    expect((await whoIs(browser)).json()).toEqual({
      merchant: { id: bench.platform.merchantId, name: 'Test merchant' },
      scopes,
      expiresAt: expect.stringMatching(/Z$/) as string,
      person: { subject: `local-${role}`, name, role },
    });
  });

  test('with a Strict session cookie and a Lax one that only the callback receives', async () => {
    const browser = new Browser(bench);
    const begun = await browser.open('/api/v1/session/sign-in');
    expect(begun.cookies).toMatchObject([
      {
        name: 'session-sign-in',
        path: '/api/v1/session/callback',
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
        maxAge: 600,
      },
    ]);
    expect(begun.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
    const back = await browser.comeBack(await browser.signInAtProvider(new URL(locationOf(begun)), 'local-viewer'));
    expect(back.cookies).toMatchObject([
      { name: 'session-sign-in', value: '', maxAge: 0 },
      { name: 'session', path: '/api', httpOnly: true, secure: true, sameSite: 'Strict', maxAge: 28_800 },
    ]);
  });

  test('with PKCE, state and nonce that differ each time', async () => {
    const parameters = async () => (await new Browser(bench).begin()).searchParams;
    const [first, second] = [await parameters(), await parameters()];
    expect(first.get('code_challenge_method')).toBe('S256');
    expect(first.get('response_type')).toBe('code');
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(first.get(name)).toMatch(/^[\w-]{43,}$/);
      expect(first.get(name)).not.toBe(second.get(name));
    }
  });

  test('without leaving code, tokens or session in log and database', async () => {
    const browser = new Browser(bench);
    const address = await browser.signInAtProvider(await browser.begin(), 'local-support');
    const sealed = browser.console.get('session-sign-in') ?? '';
    await browser.comeBack(address);
    const log = bench.platform.log.join('\n');
    expect(log).toContain('"subject":"local-support"');
    const { rows } = await bench.platform.database.superuser.query<{ text: string }>(
      `SELECT to_jsonb(s)::text AS text FROM payments.person_sessions s WHERE token_hash = $1`,
      [digestOf(tokenOf(browser))],
    );
    expect(rows).toHaveLength(1);
    for (const secret of [address.searchParams.get('code') ?? '', sealed, tokenOf(browser), 'eyJ']) {
      expect(secret).not.toBe('');
      expect(log + (rows[0]?.text ?? '')).not.toContain(secret);
    }
  });

  test('not with a wrong password', async () => {
    const browser = new Browser(bench);
    const address = await browser.begin();
    await expect(browser.signInAtProvider(address, 'local-viewer', 'wrong')).rejects.toThrow('answered 403');
  });
});

describe('a sign-in is refused', () => {
  test('with another state', async () => {
    const browser = new Browser(bench);
    const address = await browser.signInAtProvider(await browser.begin(), 'local-viewer');
    address.searchParams.set('state', 'another');
    await expectRefused(browser, await browser.comeBack(address), 'failed');
  });

  test('with the code of another person: an attacker cannot sign somebody in to a foreign account', async () => {
    const [attacker, victim] = [new Browser(bench), new Browser(bench)];
    const address = await attacker.signInAtProvider(await attacker.begin(), 'local-administrator');
    await expectRefused(victim, await victim.comeBack(address), 'expired');
    const own = await victim.begin();
    await expectRefused(victim, await victim.comeBack(address), 'failed');
    await victim.begin();
    // Even with the victim's state: the code belongs to another PKCE verifier.
    const { searchParams } = await victim.begin();
    expect(searchParams.get('state')).not.toBe(own.searchParams.get('state'));
    address.searchParams.set('state', searchParams.get('state') ?? '');
    await expectRefused(victim, await victim.comeBack(address), 'failed');
  });

  test('with another nonce', async () => {
    const browser = new Browser(bench);
    const address = await browser.begin();
    address.searchParams.set('nonce', 'another');
    await expectRefused(
      browser,
      await browser.comeBack(await browser.signInAtProvider(address, 'local-viewer')),
      'failed',
    );
    expect(refusals().at(-1)).toMatchObject({
      reason: 'failed',
      detail: expect.stringContaining(wrongClaim) as string,
    });
  });

  test('with a code that was used', async () => {
    const browser = new Browser(bench);
    const address = await browser.signInAtProvider(await browser.begin(), 'local-viewer');
    const sealed = browser.console.get('session-sign-in') ?? '';
    expect(locationOf(await browser.comeBack(address))).toBe('/');
    const again = new Browser(bench);
    await expectRefused(again, await again.comeBack(address), 'expired');
    again.console.set('session-sign-in', sealed);
    await expectRefused(again, await again.comeBack(address), 'failed');
  });

  test('with a tampered cookie', async () => {
    const browser = new Browser(bench);
    const address = await browser.signInAtProvider(await browser.begin(), 'local-viewer');
    const sealed = Buffer.from(browser.console.get('session-sign-in') ?? '', 'base64url');
    for (const position of [0, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[position] = (changed[position] ?? 0) ^ 1;
      browser.console.set('session-sign-in', changed.toString('base64url'));
      await expectRefused(browser, await browser.comeBack(address), 'expired');
    }
    for (const short of ['', 'x', 'AAAA'.repeat(7)]) {
      browser.console.set('session-sign-in', short);
      await expectRefused(browser, await browser.comeBack(address), 'expired');
    }
  });

  test('after ten minutes', async () => {
    const browser = new Browser(bench);
    const address = await browser.signInAtProvider(await browser.begin(), 'local-viewer');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
    onTestFinished(() => void vi.useRealTimers());
    await expectRefused(browser, await browser.comeBack(address), 'expired');
  });

  test('when the provider declines', async () => {
    const browser = new Browser(bench);
    const { searchParams } = await browser.begin();
    const query = new URLSearchParams({
      error: 'access_denied',
      state: searchParams.get('state') ?? '',
      iss: bench.identity.issuer,
    });
    await expectRefused(browser, await browser.open(`/api/v1/session/callback?${query.toString()}`), 'denied');
  });

  test.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['no issuer', { iss: undefined }],
    ['no code', { code: undefined }],
    ['two codes', { code: ['one', 'two'] }],
  ])('with %s', async (_what, changes: Record<string, string | string[] | undefined>) => {
    const browser = new Browser(bench);
    const address = await browser.signInAtProvider(await browser.begin(), 'local-viewer');
    for (const [name, value] of Object.entries(changes)) {
      address.searchParams.delete(name);
      for (const each of [value ?? []].flat()) address.searchParams.append(name, each);
    }
    await expectRefused(browser, await browser.comeBack(address), 'failed');
  });

  test('when the merchant is suspended', async () => {
    const { platform } = bench;
    const [earlier, browser] = [await signedIn('administrator'), new Browser(bench)];
    const authorization = `Bearer ${await newOperatorKey(platform.database)}`;
    const act = (name: string) =>
      platform.app.inject({
        method: 'POST',
        url: `/api/v1/admin/merchants/${platform.merchantId}/${name}`,
        headers: { authorization },
        payload: {},
      });
    await act('suspend');
    onTestFinished(async () => void (await act('reactivate')));
    expectProblem(await whoIs(earlier), 401, 'unauthenticated');
    await expectRefused(browser, await browser.signIn('viewer'), 'no-merchant');
  });
});

describe('the way back', () => {
  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/a\\b',
    '\\evil',
    'payments',
    '/pay ments',
    '/x\r\nSet-Cookie: a=b',
    '/api/v1/session/sign-in',
    `/${'a'.repeat(512)}`,
    '',
  ])('is no %j', async (path) => {
    const response = await new Browser(bench).open(`/api/v1/session/sign-in?return=${encodeURIComponent(path)}`);
    expect(expectProblem(response, 400, 'validation-failed').errors).toMatchObject([
      { pointer: '/querystring/return' },
    ]);
    expect(response.headers['set-cookie']).toBeUndefined();
  });
});

describe('a session of a person', () => {
  const age = (browser: Browser, change: string) =>
    bench.platform.database.superuser.query(`UPDATE payments.person_sessions SET ${change} WHERE token_hash = $1`, [
      digestOf(tokenOf(browser)),
    ]);

  test('ends 15 minutes after its last use', async () => {
    const browser = await signedIn('viewer');
    await age(browser, `last_used_at = now() - interval '14 minutes'`);
    expect((await whoIs(browser)).statusCode).toBe(200);
    await bench.platform.app.credentials.recordUses();
    await age(browser, `last_used_at = last_used_at - interval '14 minutes'`);
    expect((await whoIs(browser)).statusCode).toBe(200);
    await age(browser, `last_used_at = now() - interval '15 minutes'`);
    expectProblem(await whoIs(browser), 401, 'unauthenticated');
  });

  test('ends after eight hours, however much it is used', async () => {
    const browser = await signedIn('viewer');
    const { rows } = await bench.platform.database.superuser.query<{ minutes: string }>(
      `SELECT round(extract(epoch FROM expires_at - created_at) / 60) AS minutes FROM payments.person_sessions WHERE token_hash = $1`,
      [digestOf(tokenOf(browser))],
    );
    expect(Number(rows[0]?.minutes)).toBe(480);
    await age(browser, 'expires_at = now(), last_used_at = now()');
    expectProblem(await whoIs(browser), 401, 'unauthenticated');
  });

  test('ends when the person signs out, here and at the provider', async () => {
    const browser = await signedIn('support');
    const cookie = `session=${tokenOf(browser)}`;
    const out = await bench.platform.app.inject({ method: 'DELETE', url: '/api/v1/session', headers: { cookie } });
    expect(out.statusCode).toBe(204);
    expectProblem(await whoIs(browser), 401, 'unauthenticated');
    const address = new URL(locationOf(await browser.open('/api/v1/session/provider-sign-out')));
    expect(address.origin).toBe(bench.identity.issuer);
    expect(Object.fromEntries(address.searchParams)).toEqual({
      client_id: 'console',
      post_logout_redirect_uri: 'http://localhost:8080/sign-in',
    });
    expect((await fetch(address)).status).toBe(200);
  });

  test('is no bearer token, and no API key is a session', async () => {
    const browser = await signedIn('administrator');
    const authorization = `Bearer ${tokenOf(browser)}`;
    expectProblem(
      await bench.platform.app.inject({ url: '/api/v1/session', headers: { authorization } }),
      401,
      'unauthenticated',
    );
    const posted = await bench.platform.app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { apiKey: tokenOf(browser) },
    });
    expectProblem(posted, 401, 'unauthenticated');
  });

  test.each([
    ['viewer', 403, 403, 403],
    ['support', 201, 403, 403],
    ['administrator', 201, 201, 201],
  ])('lets a %s do what the role allows', async (role, refund, key, endpoint) => {
    const { platform } = bench;
    const { id } = await platform.pay({ capture: 'automatic' });
    const cookie = `session=${tokenOf(await signedIn(role))}`;
    const post = async (path: string, payload: object) =>
      (
        await platform.app.inject({
          method: 'POST',
          url: `/api/v1${path}`,
          headers: { cookie, 'idempotency-key': `${role}${path.replaceAll('/', '-')}` },
          payload,
        })
      ).statusCode;
    expect(await post(`/payments/${id}/refunds`, { amountMinor: 1 })).toBe(refund);
    expect(await post('/api-keys', { name: 'Server', scopes: ['payments:read'] })).toBe(key);
    expect(await post('/webhook-endpoints', { url: 'https://shop.example/', eventTypes: ['payment.captured'] })).toBe(
      endpoint,
    );
    expect(await post('/payments', newPayment)).toBe(role === 'viewer' ? 403 : 201);
    expect(await post('/admin/merchants', { name: 'Mine' })).toBe(401);
  });

  test('is named in the timeline of a payment, as a key is', async () => {
    const { platform } = bench;
    const cookie = `session=${tokenOf(await signedIn('support'))}`;
    const { id } = await platform.pay({ capture: 'manual' });
    await platform.app.inject({
      method: 'POST',
      url: `/api/v1/payments/${id}/capture`,
      headers: { cookie, 'idempotency-key': `capture-${id}` },
      payload: {},
    });
    await platform.post(`/payments/${id}/refunds`, { amountMinor: 100 });
    const { items } = (await platform.get(`/payments/${id}/events`)).json<{ items: unknown[] }>();
    const { rows } = await platform.database.superuser.query<{ id: string; name: string }>(
      'SELECT id, name FROM payments.api_keys WHERE key_hash = $1',
      [digestOf(platform.apiKey)],
    );
    expect(items).toMatchObject([
      { type: 'payment.created', actor: null },
      { type: 'payment.authorized', actor: null },
      { type: 'payment.captured', actor: { kind: 'person', id: 'local-support', name: 'Sam Okafor' } },
      { type: 'refund.succeeded', actor: { kind: 'key', ...rows[0] } },
    ]);
  });

  test('is named in the audit trail', async () => {
    const { platform } = bench;
    const cookie = `session=${tokenOf(await signedIn('administrator'))}`;
    const issued = await platform.app.inject({
      method: 'POST',
      url: '/api/v1/api-keys',
      headers: { cookie },
      payload: { name: 'Audited', scopes: ['payments:read'] },
    });
    const { rows } = await platform.database.superuser.query(
      'SELECT actor, action FROM payments.audit_entries WHERE target_id = $1',
      [issued.json<{ id: string }>().id],
    );
    expect(rows).toEqual([{ actor: 'person:local-administrator', action: 'api-key.issued' }]);
  });
});

test.each(['sign-in', 'callback', 'provider-sign-out'])(
  'without a provider, /session/%s does not exist',
  async (page) => {
    const platform = await startPlatform();
    onTestFinished(() => platform.close());
    expectProblem(await platform.app.inject({ url: `/api/v1/session/${page}` }), 404, 'not-found');
  },
);
