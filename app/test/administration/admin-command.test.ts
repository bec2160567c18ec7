import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AdminClient } from '../../admin/admin-client.ts';
import { readArguments, UsageError } from '../../admin/command-line.ts';
import { scopes } from '../../src/merchants/roles.ts';
import { newOperatorKey } from '../support/operator.ts';
import { startPlatform, type TestPlatform } from '../support/platform.ts';

const merchant = '0190a0b0-0000-7000-8000-000000000001';
const key = '0190a0b0-0000-7000-8000-000000000002';

let platform: TestPlatform;
let address: string;
let client: AdminClient;
beforeAll(async () => {
  platform = await startPlatform();
  address = await platform.app.listen({ host: '127.0.0.1', port: 0 });
  client = new AdminClient(`${address}/`, await newOperatorKey(platform.database));
});
afterAll(() => platform.close());

const perform = (...args: string[]) => client.perform(readArguments(args).request);

test('creates a merchant with a first key that takes a payment', async () => {
  const [created, issued] = (await perform('merchants', 'create', 'Shop')) as [
    { id: string; name: string },
    { secret: string; scopes: string[] },
  ];
  expect(created.name).toBe('Shop');
  expect(issued.scopes).toEqual([...scopes]);
  const session = await platform.get('/session', { authorization: `Bearer ${issued.secret}` });
  expect(session.json()).toMatchObject({ merchant: { id: created.id, name: 'Shop' } });
});

test('reads every page of a list', async () => {
  const [{ id }] = (await perform('merchants', 'create', 'Shop of many keys')) as [{ id: string }];
  await platform.database.administrator.query(
    `INSERT INTO payments.api_keys (id, merchant_id, key_hash, scopes)
     SELECT gen_random_uuid(), $1, sha256(n::text::bytea), '{}' FROM generate_series(1, 150) n`,
    [id],
  );
  const [keys] = (await perform('keys', 'list', id)) as [{ id: string }[]];
  expect(new Set(keys.map((each) => each.id)).size).toBe(151);
});

test.each([
  [['merchants', 'create', 'Shop'], /^409 Merchant already exists: .* Correlation id [\w-]+\.$/],
  [['merchants', 'suspend', merchant], /^404 Not found: There is no merchant 0190a0b0/],
  [['keys', 'issue', merchant, '--name', 'x', '--scopes', 'all'], /^400 Invalid request: .*\/scopes\/0/],
])('says what the API refuses: %j', async (args, message) => {
  await perform('merchants', 'create', 'Shop').catch(() => undefined);
  await expect(perform(...args)).rejects.toThrow(message);
});

test('says what to do where no platform answers', async () => {
  const nowhere = new AdminClient('http://127.0.0.1:1', 'ok_x');
  await expect(nowhere.perform({ method: 'GET', path: '/merchants' })).rejects.toThrow(
    "Start the platform with 'npm start'",
  );
  const notOurs = new AdminClient(`${address}/elsewhere`, 'ok_x');
  await expect(notOurs.perform({ method: 'GET', path: '/merchants' })).rejects.toThrow('404 Not found');
});

describe('the arguments', () => {
  test.each([
    [['merchants', 'list'], 'GET', '/merchants', undefined],
    [['merchants', 'reactivate', merchant], 'POST', `/merchants/${merchant}/reactivate`, {}],
    [['keys', 'roll', merchant, key], 'POST', `/merchants/${merchant}/api-keys/${key}/roll`, {}],
    [
      ['keys', 'roll', merchant, key, '--old-valid', '60'],
      'POST',
      `/merchants/${merchant}/api-keys/${key}/roll`,
      { oldKeyValidSeconds: 60 },
    ],
    [['keys', 'revoke', merchant, key], 'POST', `/merchants/${merchant}/api-keys/${key}/revoke`, {}],
    [
      ['keys', 'issue', merchant, '--name', 'Server', '--scopes', 'payments:read', '--expires', '2030-01-31T00:00:00Z'],
      'POST',
      `/merchants/${merchant}/api-keys`,
      { name: 'Server', scopes: ['payments:read'], expiresAt: '2030-01-31T00:00:00Z' },
    ],
    [
      ['certificates', 'bind', merchant, 'CN=shop'],
      'PUT',
      `/merchants/${merchant}/client-certificate`,
      { subject: 'CN=shop' },
    ],
    [['certificates', 'unbind', merchant], 'DELETE', `/merchants/${merchant}/client-certificate`, undefined],
    [['audit'], 'GET', '/audit-entries', undefined],
    [['audit', merchant], 'GET', `/audit-entries?merchantId=${merchant}`, undefined],
  ] as const)('%j ask for %s %s', (args, method, path, body) => {
    const { request } = readArguments(args);
    expect([request.method, request.path, request.body]).toEqual([method, path, body]);
  });

  test.each([
    [[], "Unknown command ''."],
    [['merchants', 'delete', merchant], "Unknown command 'merchants delete'."],
    [['merchants', 'create'], 'NAME is missing.'],
    [['merchants', 'suspend', 'Shop'], "MERCHANT is 'Shop', which is not an id."],
    [['keys', 'revoke', merchant], 'KEY is missing.'],
    [['keys', 'issue', merchant], '--name is missing.'],
    [['keys', 'roll', merchant, key, '--old-valid', 'soon'], "--old-valid is 'soon'. Give it a number of seconds."],
    [['merchants', 'list', '--force'], "Unknown option '--force'"],
  ])('%j are refused', (args, message) => {
    expect(() => readArguments(args)).toThrow(UsageError);
    expect(() => readArguments(args)).toThrow(message);
  });
});
