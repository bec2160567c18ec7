import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newKey, newMerchant, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform({ clientCertificates: 'required' });
});
afterAll(() => platform.close());

const subject = 'CN=till-7.acme.example,O=Acme,C=ES';
const holder = { 'x-client-subject': subject, 'x-client-serial': '4711' };

describe('where certificates are required', () => {
  test.each([undefined, '', 'C'.repeat(1025)])('a request with the subject %j is rejected', async (given) => {
    const response = await platform.get('/payments', given === undefined ? {} : { 'x-client-subject': given });
    expectProblem(response, 401, 'unauthenticated');
  });

  test('health checks of the load balancer need none', async () => {
    expect((await platform.app.inject('/health')).statusCode).toBe(200);
  });

  test('the first request binds the merchant and is logged; every key of the merchant then needs that certificate', async () => {
    const { apiKey, merchantId } = await newMerchant(platform.database, 'Acme');
    const asAcme = (certificate: Record<string, string>, key = apiKey) =>
      platform.get('/payments', { ...certificate, authorization: `Bearer ${key}` });
    expect((await asAcme(holder)).statusCode).toBe(200);
    const bound = platform.log.filter((line) => line.includes('merchant bound to a client certificate'));
    expect(bound.map((line) => JSON.parse(line) as unknown)).toMatchObject([{ merchantId, clientSubject: subject }]);

    expect((await asAcme(holder)).statusCode).toBe(200);
    const other = { 'x-client-subject': 'CN=mallory.example' };
    expectProblem(await asAcme(other), 403, 'certificate-mismatch');
    const second = await newKey(platform.database, merchantId);
    expectProblem(await asAcme(other, second), 403, 'certificate-mismatch');
    expect((await asAcme(holder, second)).statusCode).toBe(200);
    expect(platform.log.filter((line) => line.includes('merchant bound'))).toHaveLength(bound.length);
  });

  test('a renewed certificate with another serial number is accepted', async () => {
    const { apiKey } = await newMerchant(platform.database, 'Renewed');
    const send = (serial: string) =>
      platform.get('/payments', { ...holder, 'x-client-serial': serial, authorization: `Bearer ${apiKey}` });
    expect((await send('1')).statusCode).toBe(200);
    expect((await send('2')).statusCode).toBe(200);
  });

  test('concurrent first requests with different certificates bind exactly one', async () => {
    const { apiKey } = await newMerchant(platform.database, 'Contested');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        platform.get('/payments', { 'x-client-subject': `CN=client-${index}`, authorization: `Bearer ${apiKey}` }),
      ),
    );
    const statuses = answers.map(({ statusCode }) => statusCode).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 11 }, () => 403)]);
  });

  test('the request log has subject and serial number', async () => {
    await platform.get('/payments', holder);
    const line = platform.log.map((text) => JSON.parse(text) as Record<string, unknown>).at(-1);
    expect(line).toMatchObject({ msg: 'request', clientSubject: subject, clientSerial: '4711' });
  });

  test('no login of the platform reads or changes bindings directly', async () => {
    await expect(platform.database.api.query('SELECT * FROM payments.client_certificates')).rejects.toThrow('denied');
  });
});

test('where certificates are ignored, the headers have no effect', async () => {
  const ignoring = await startPlatform();
  try {
    expect((await ignoring.get('/payments', holder)).statusCode).toBe(200);
    expect((await ignoring.get('/payments', { 'x-client-subject': 'CN=another' })).statusCode).toBe(200);
    expect(ignoring.log.join()).not.toContain('clientSubject');
  } finally {
    await ignoring.close();
  }
});
