import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const postRaw = (payload: string, contentType = 'application/json') =>
  platform.send({ method: 'POST', url: '/api/v1/payments', payload, headers: { 'content-type': contentType } });

/** A valid payment request. */
const without = (field: string) => Object.fromEntries(Object.entries(newPayment).filter(([name]) => name !== field));

describe('a body', () => {
  test.each([
    ['that breaks off', '{"amountMinor": 10'],
    ['that is no JSON', 'amountMinor=10'],
    ['that is empty', ''],
    ['that reaches for the prototype', '{"amountMinor": 10, "__proto__": {"admin": true}}'],
  ])('%s is rejected as malformed', async (_what, payload) => {
    expectProblem(await postRaw(payload), 400, 'malformed-json');
  });

  test.each(['[]', '"text"', '7', 'null', 'true'])(
    'that is %s is rejected because it is not an object',
    async (payload) => {
      const { errors } = expectProblem(await postRaw(payload), 400, 'validation-failed');
      expect(errors).toEqual([{ pointer: '', detail: 'must be object' }]);
    },
  );

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded'])(
    'of type %s is rejected',
    async (type) => {
      expectProblem(await postRaw(JSON.stringify(newPayment), type), 415, 'unsupported-media-type');
    },
  );

  test('of 64 KiB is accepted, and one byte more is rejected', async () => {
    const body = JSON.stringify({ ...newPayment, description: '' });
    const filled = (bytes: number) => body.replace('""', `"${'x'.repeat(bytes - body.length)}"`);
    const { errors } = expectProblem(await postRaw(filled(65_536)), 400, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: '/description' }]);
    expectProblem(await postRaw(filled(65_537)), 413, 'payload-too-large');
  });

  test.each(Object.keys(newPayment))('without %s is rejected', async (field) => {
    const { errors } = expectProblem(await platform.post('/payments', without(field)), 400, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: `/${field}` }]);
  });

  test('with an unknown field is rejected without echoing it', async () => {
    const response = await platform.post('/payments', { ...newPayment, cvc: '987' });
    const { errors } = expectProblem(response, 400, 'validation-failed');
    expect(errors).toEqual([{ pointer: '', detail: 'must NOT have additional properties' }]);
    expect(response.body).not.toContain('987');
  });
});

describe('a field', () => {
  test.each([
    ...[0, -1, 1.5, 1e-7, 1_000_000_000_000, '100', true, null, [100], {}].map((value) => ['amountMinor', value]),
    ...['eur', 'EURO', 'ZZZ', '', '€', 978, null, ['EUR']].map((value) => ['currency', value]),
    ...['approve', 'tok_', 'tik_approve', 'tok_appröve', 'tok_a b', `tok_${'a'.repeat(61)}`, 1, null].map((value) => [
      'paymentToken',
      value,
    ]),
    ...['', 'r'.repeat(65), 'two\nlines', 'nul\u0000', 'half \ud83d', '\ude00\ud83d', 5, null].map((value) => [
      'reference',
      value,
    ]),
    ...['', 'd'.repeat(256), 'tab\t', '\ud800', 5, null].map((value) => ['description', value]),
    ...['later', '', 5, null].map((value) => ['capture', value]),
  ] as [string, unknown][])('%s of %j is refused by its name', async (field, value) => {
    const asked = platform.acquirer.charges.length;
    const response = await platform.post('/payments', { ...newPayment, [field]: value });
    const { errors } = expectProblem(response, 400, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: `/${field}` }]);
    expect(platform.acquirer.charges.length).toBe(asked);
  });

  test.each([
    ['amountMinor', 999_999_999_999],
    ['reference', 'r'.repeat(64)],
    ['description', '😀'.repeat(255)],
    ['currency', 'JPY'],
    ['paymentToken', `tok_${'a'.repeat(60)}`],
  ])('%s is accepted up to its limit, unchanged', async (field, value) => {
    const { id } = await platform.pay({ [field]: value });
    expect((await platform.get(`/payments/${id}`)).json()).toMatchObject({ [field]: value });
  });

  test.each([
    ['capture', { amountMinor: 0 }],
    ['capture', { amountMinor: '1' }],
    ['void', { amountMinor: 1 }],
    ['refunds', { amountMinor: 1.5 }],
    ['refunds', { reason: 'r'.repeat(256) }],
  ])('of a %s is validated: %j', async (operation, body) => {
    const { id } = await platform.pay({ capture: operation === 'refunds' ? 'automatic' : 'manual' });
    expectProblem(await platform.post(`/payments/${id}/${operation}`, body), 400, 'validation-failed');
  });
});

describe('a path', () => {
  test.each(['', '1', 'abc', '%00', `${randomUUID()}0`])('with the id %s is rejected', async (id) => {
    const { errors } = expectProblem(await platform.get(`/payments/${id}`), 400, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: '/params/id' }]);
  });

  test.each([
    ['GET', `/payments/${'a'.repeat(200)}`],
    ['GET', '/payments/%zz'],
    ['GET', '/%zz'],
    ['GET', '/nowhere?secret=1'],
  ] as const)('that does not exist returns 404: %s %s', async (method, path) => {
    const problem = expectProblem(await platform.send({ method, url: `/api/v1${path}` }), 404, 'not-found');
    expect(problem.instance).toBe(`/api/v1${path.split('?')[0] ?? ''}`);
  });
});

describe('a known path', () => {
  test.each([
    ['DELETE', `/payments/${randomUUID()}`, 'GET, HEAD'],
    ['PUT', '/payments?limit=1', 'GET, HEAD, POST'],
    ['GET', `/payments/${randomUUID()}/refunds`, 'POST'],
    ['OPTIONS', '/session', 'DELETE, GET, HEAD, POST'],
    ['PROPFIND', '/session', 'DELETE, GET, HEAD, POST'],
  ] as const)('rejects %s %s with the allowed methods', async (method, path, allow) => {
    const response = await platform.app.inject({ method: method as 'GET', url: `/api/v1${path}`, payload: '{' });
    expectProblem(response, 405, 'method-not-allowed');
    expect(response.headers.allow).toBe(allow);
  });
});

test('the correlation id is that of the API Gateway if the client sends none; the log has both', async () => {
  const gateway = '0e8f9a4c-2b1d-4c59-9d11-4d2f7b6a1c10';
  const askWith = async (headers: Record<string, string>) =>
    expectProblem(await platform.get('/payments/1', headers), 400, 'validation-failed').correlationId;
  expect(await askWith({ 'x-request-id': gateway })).toBe(gateway);
  expect(await askWith({ 'x-request-id': gateway, 'x-correlation-id': 'of-the-client' })).toBe('of-the-client');
  expect(await askWith({ 'x-request-id': 'no id of anyone' })).toMatch(/^[0-9a-f-]{36}$/);
  const logged = platform.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(logged.find(({ correlationId }) => correlationId === 'of-the-client')).toMatchObject({
    gatewayRequestId: gateway,
  });
});

test('a valid correlation id is kept, and an invalid one is replaced', async () => {
  const idFor = async (given: string) =>
    expectProblem(await platform.get('/payments/1', { 'x-correlation-id': given }), 400, 'validation-failed')
      .correlationId;
  expect(await idFor('order-7_2026')).toBe('order-7_2026');
  for (const given of ['short', 'with space in it', 'x'.repeat(129), '<script>alert(1)</script>']) {
    expect(await idFor(given)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
  }
});

test('no JSON value causes a server error', async () => {
  const { id } = await platform.pay();
  const paths = ['/payments', `/payments/${id}/capture`, `/payments/${id}/refunds`, `/payments/${id}/void`, '/session'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), fc.json(), async (path, payload) => {
      const headers = { 'content-type': 'application/json' };
      const response = await platform.send({ method: 'POST', url: `/api/v1${path}`, payload, headers });
      expect(response.statusCode).toBeLessThan(500);
    }),
    { numRuns: 200, examples: [['/payments', '{"reference":"\\ud800"}']] },
  );
  expect((await platform.get(`/payments/${id}`)).json<PaymentBody>().amountMinor).toBe(1000);
});
