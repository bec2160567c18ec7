import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEntry } from '../../src/administration/audit-repository.ts';
import type { IssuedApiKey } from '../../src/administration/api-key-repository.ts';
import type { Merchant } from '../../src/administration/merchant-admin-repository.ts';
import { isApiKey } from '../../src/merchants/api-key.ts';
import { scopes } from '../../src/merchants/roles.ts';
import { newOperatorKey, operatorOf } from '../support/operator.ts';
import { newKey, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
let operatorKey: string;
let operate: ReturnType<typeof operatorOf>;
let shop: Merchant;

beforeAll(async () => {
  platform = await startPlatform();
  operatorKey = await newOperatorKey(platform.database);
  operate = operatorOf(platform, operatorKey);
});
afterAll(() => platform.close());
beforeEach(async () => {
  shop = (await operate('POST', '/merchants', { name: `Shop ${randomUUID()}` })).json<Merchant>();
});

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const statusWith = async (key: string, path = '/payments') => (await platform.get(path, bearer(key))).statusCode;
const issue = async (body: object = {}, merchant = shop.id) =>
  (
    await operate('POST', `/merchants/${merchant}/api-keys`, { name: 'Server', scopes: [...scopes], ...body })
  ).json<IssuedApiKey>();
const auditOf = async (merchantId: string) =>
  (await operate('GET', `/audit-entries?merchantId=${merchantId}`)).json<{ items: AuditEntry[] }>().items;

describe('an operator', () => {
  test('creates a merchant whose key takes a payment', async () => {
    const { secret, ...key } = await issue();
    expect(isApiKey(secret)).toBe(true);
    expect(key).toMatchObject({
      name: 'Server',
      scopes: [...scopes],
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    const taken = await platform.post(
      '/payments',
      { amountMinor: 1000, currency: 'EUR', paymentToken: 'tok_approve' },
      bearer(secret),
    );
    expect(taken.statusCode).toBe(201);
    expect((await platform.get(`/payments/${taken.json<{ id: string }>().id}`)).statusCode).toBe(404);
  });

  test('sees no secret again', async () => {
    const { secret } = await issue();
    const list = await operate('GET', `/merchants/${shop.id}/api-keys`);
    expect(list.json<{ items: unknown[] }>().items).toHaveLength(1);
    expect(list.body).not.toContain(secret.slice(3));
    expect(JSON.stringify(await auditOf(shop.id))).not.toMatch(/key_hash|sk_/);
    expect(platform.log.join('\n')).not.toContain(secret.slice(3));
  });

  test('refuses two merchants of one name', async () => {
    expectProblem(await operate('POST', '/merchants', { name: shop.name }), 409, 'merchant-exists');
  });

  test('pages through merchants without a gap', async () => {
    const more = await operate('POST', '/merchants', { name: `Shop ${randomUUID()}` });
    const first = (await operate('GET', '/merchants?limit=1')).json<{ items: Merchant[]; nextCursor: string }>();
    const second = (await operate('GET', `/merchants?limit=1&cursor=${first.nextCursor}`)).json<{
      items: Merchant[];
    }>();
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual([more.json<Merchant>().id, shop.id]);
  });

  test('suspends a merchant: keys and sessions are refused from the next request on, until it is reactivated', async () => {
    const { secret } = await issue();
    const signedIn = await platform.post('/session', { apiKey: secret });
    const cookies = { session: signedIn.cookies[0]?.value ?? '' };
    const withSession = async () =>
      (await platform.app.inject({ method: 'GET', url: '/api/v1/session', cookies })).statusCode;
    expect([await statusWith(secret), await withSession()]).toEqual([200, 200]);

    const suspended = (await operate('POST', `/merchants/${shop.id}/suspend`, {})).json<Merchant>();
    expect(suspended.suspendedAt).not.toBeNull();
    expect([await statusWith(secret), await withSession()]).toEqual([401, 401]);
    await operate('POST', `/merchants/${shop.id}/suspend`, {});

    await operate('POST', `/merchants/${shop.id}/reactivate`, {});
    expect([await statusWith(secret), await withSession()]).toEqual([200, 200]);
    const acts = (await auditOf(shop.id)).map(({ action }) => action);
    expect(acts).toEqual(['merchant.reactivated', 'merchant.suspended', 'api-key.issued', 'merchant.created']);
  });

  test('revokes a key at once, and rolls one with an overlap that ends', async () => {
    const old = await issue();
    const rolled = (
      await operate('POST', `/merchants/${shop.id}/api-keys/${old.id}/roll`, { oldKeyValidSeconds: 1 })
    ).json<IssuedApiKey>();
    expect(rolled).toMatchObject({ name: old.name, scopes: old.scopes, expiresAt: null });
    expect([await statusWith(old.secret), await statusWith(rolled.secret)]).toEqual([200, 200]);
    await expect.poll(() => statusWith(old.secret), { timeout: 5000 }).toBe(401);
    expect(await statusWith(rolled.secret)).toBe(200);

    const revoked = await operate('POST', `/merchants/${shop.id}/api-keys/${rolled.id}/revoke`, {});
    expect(revoked.json<IssuedApiKey>().revokedAt).not.toBeNull();
    expect(await statusWith(rolled.secret)).toBe(401);
  });

  test.each([
    ['revoked', async (id: string) => operate('POST', `/merchants/${shop.id}/api-keys/${id}/revoke`, {})],
    [
      'expired',
      async (id: string) => operate('POST', `/merchants/${shop.id}/api-keys/${id}/roll`, { oldKeyValidSeconds: 1 }),
    ],
  ] as const)('cannot roll a key that is %s', async (_state, end) => {
    const { id, secret } = await issue();
    await end(id);
    await expect.poll(() => statusWith(secret), { timeout: 5000 }).toBe(401);
    expectProblem(await operate('POST', `/merchants/${shop.id}/api-keys/${id}/roll`, {}), 409, 'api-key-ended');
  });

  test('never extends a key by rolling it', async () => {
    const soon = new Date(Date.now() + 60_000).toISOString();
    const old = await issue({ expiresAt: soon });
    await operate('POST', `/merchants/${shop.id}/api-keys/${old.id}/roll`, {});
    const { items } = (await operate('GET', `/merchants/${shop.id}/api-keys`)).json<{ items: IssuedApiKey[] }>();
    expect(items.map(({ expiresAt }) => new Date(expiresAt ?? 0).toISOString())).toEqual([soon, soon]);
  });

  test('binds and unbinds a client certificate', async () => {
    const path = `/merchants/${shop.id}/client-certificate`;
    const bound = (await operate('PUT', path, { subject: 'CN=shop' })).json<Merchant>();
    expect(bound.clientCertificateSubject).toBe('CN=shop');
    expect((await operate('DELETE', path)).json<Merchant>().clientCertificateSubject).toBeNull();
    const [unbound, binding] = await auditOf(shop.id);
    expect(binding).toMatchObject({ action: 'client-certificate.bound', before: null, after: { subject: 'CN=shop' } });
    expect(unbound).toMatchObject({
      action: 'client-certificate.unbound',
      before: { subject: 'CN=shop' },
      after: null,
    });
  });

  test.each([
    ['POST', '/suspend', {}],
    ['POST', '/reactivate', {}],
    ['PUT', '/client-certificate', { subject: 'CN=x' }],
    ['DELETE', '/client-certificate', undefined],
    ['POST', '/api-keys', { name: 'x', scopes: ['payments:read'] }],
    ['POST', `/api-keys/${randomUUID()}/roll`, {}],
    ['POST', `/api-keys/${randomUUID()}/revoke`, {}],
  ] as const)('gets 404 for an unknown merchant or key: %s %s', async (method, path, body) => {
    expectProblem(await operate(method, `/merchants/${randomUUID()}${path}`, body), 404, 'not-found');
  });

  test.each([
    ['POST', '/merchants', { name: '' }, '/name'],
    ['POST', '/merchants/ID/api-keys', { name: 'x', scopes: ['everything'] }, '/scopes/0'],
    ['POST', '/merchants/ID/api-keys', { name: 'x', scopes: [] }, '/scopes'],
    ['POST', '/merchants/ID/api-keys', { name: 'x', scopes: ['payments:read'], expiresAt: 'tomorrow' }, '/expiresAt'],
    [
      'POST',
      '/merchants/ID/api-keys',
      { name: 'x', scopes: ['payments:read'], expiresAt: '2020-01-01T00:00:00Z' },
      '/expiresAt',
    ],
    ['PUT', '/merchants/ID/client-certificate', { subject: '' }, '/subject'],
  ] as const)('learns which field is invalid: %s %s %j', async (method, path, body, pointer) => {
    const response = await operate(method, path.replace('ID', shop.id), body);
    expect(expectProblem(response, 400, 'validation-failed')).toMatchObject({ errors: [{ pointer }] });
  });

  test('is refused after its key was replaced', async () => {
    const replaced = operatorKey;
    operatorKey = await newOperatorKey(platform.database);
    operate = operatorOf(platform, operatorKey);
    expectProblem(await operatorOf(platform, replaced)('GET', '/merchants'), 401, 'unauthenticated');
    expect((await operate('GET', '/merchants')).statusCode).toBe(200);
  });
});

test('no merchant is an operator, and no operator a merchant', async () => {
  const asMerchant = operatorOf(platform, platform.apiKey);
  for (const path of ['/merchants', '/audit-entries', `/merchants/${platform.merchantId}/api-keys`])
    expectProblem(await asMerchant('GET', path), 401, 'unauthenticated');
  expectProblem(await asMerchant('POST', '/merchants', { name: 'Mine' }), 401, 'unauthenticated');
  const session = await platform.post('/session', { apiKey: platform.apiKey });
  const cookies = { session: session.cookies[0]?.value ?? '' };
  expectProblem(
    await platform.app.inject({ method: 'GET', url: '/api/v1/admin/merchants', cookies }),
    401,
    'unauthenticated',
  );
  expect(await statusWith(operatorKey)).toBe(401);
  expectProblem(await platform.post('/session', { apiKey: operatorKey }), 401, 'unauthenticated');
});

describe("a merchant's own key", () => {
  const asOwner = async (granted: readonly string[], method: 'GET' | 'POST', path: string, payload?: object) => {
    const key = await newKey(platform.database, platform.merchantId, { scopes: granted });
    return platform.send({ method, url: `/api/v1/api-keys${path}`, headers: bearer(key), ...(payload && { payload }) });
  };

  test('issues, rolls and revokes keys of its merchant', async () => {
    const mine = ['keys:write', 'payments:read'];
    const issued = (
      await asOwner(mine, 'POST', '', { name: 'Reader', scopes: ['payments:read'] })
    ).json<IssuedApiKey>();
    expect(await statusWith(issued.secret)).toBe(200);
    const rolled = (await asOwner(mine, 'POST', `/${issued.id}/roll`, { oldKeyValidSeconds: 0 })).json<IssuedApiKey>();
    expect([await statusWith(issued.secret), await statusWith(rolled.secret)]).toEqual([401, 200]);
    await asOwner(mine, 'POST', `/${rolled.id}/revoke`, {});
    expect(await statusWith(rolled.secret)).toBe(401);
    const [act] = await auditOf(platform.merchantId);
    expect(act).toMatchObject({ action: 'api-key.revoked', targetId: rolled.id, before: { revoked_at: null } });
    expect(act?.actor).toMatch(/^key:/);
  });

  test('cannot grant scopes that it lacks, neither new nor by rolling', async () => {
    const body = { name: 'More', scopes: ['payments:read', 'refunds:write'] };
    const refused = expectProblem(
      await asOwner(['keys:write', 'payments:read'], 'POST', '', body),
      403,
      'insufficient-scope',
    );
    expect(refused.detail).toBe('Your key cannot grant scopes that it lacks: refunds:write.');
    const strong = (
      await asOwner([...scopes], 'POST', '', { name: 'Strong', scopes: [...scopes] })
    ).json<IssuedApiKey>();
    expectProblem(await asOwner(['keys:write'], 'POST', `/${strong.id}/roll`, {}), 403, 'insufficient-scope');
    expect(await statusWith(strong.secret)).toBe(200);
  });

  test('reaches no key of another merchant', async () => {
    const foreign = await issue();
    for (const act of ['roll', 'revoke'])
      expectProblem(await asOwner([...scopes], 'POST', `/${foreign.id}/${act}`, {}), 404, 'not-found');
    expect(await statusWith(foreign.secret)).toBe(200);
    expect((await asOwner([...scopes], 'GET', '?limit=100')).body).not.toContain(foreign.id);
  });
});

describe('an audit entry', () => {
  test('names actor, act, states and correlation id, and cannot be changed', async () => {
    const [entry] = await auditOf(shop.id);
    expect(entry).toMatchObject({
      action: 'merchant.created',
      merchantId: shop.id,
      targetId: shop.id,
      before: null,
      after: { id: shop.id, name: shop.name, suspended_at: null },
    });
    expect(entry?.actor).toMatch(/^operator:/);
    const line = platform.log.find((each) => each.includes('merchant created') && each.includes(shop.id));
    expect(line).toContain(`"correlationId":"${entry?.correlationId ?? ''}"`);
    for (const statement of ['UPDATE payments.audit_entries SET actor = actor', 'DELETE FROM payments.audit_entries']) {
      await expect(platform.database.superuser.query(statement)).rejects.toThrow('written once and never changed');
      await expect(platform.database.api.query(statement)).rejects.toThrow('permission denied');
    }
  });

  test('is part of its act: without it, nothing is done', async () => {
    const { superuser, api } = platform.database;
    const refused = api.query("SELECT payments.suspend_merchant('somebody', 'x', $1, true)", [shop.id]);
    await expect(refused).rejects.toThrow('audit_entries_actor_check');
    const { rows } = await superuser.query('SELECT suspended_at FROM payments.merchants WHERE id = $1', [shop.id]);
    expect(rows).toEqual([{ suspended_at: null }]);
  });
});

test('stores when a key was last used', async () => {
  const { secret, id } = await issue();
  await statusWith(secret);
  await platform.app.credentials.recordUses();
  const { items } = (await operate('GET', `/merchants/${shop.id}/api-keys`)).json<{ items: IssuedApiKey[] }>();
  expect(Date.now() - Date.parse(items.find((key) => key.id === id)?.lastUsedAt ?? '')).toBeLessThan(60_000);
});
