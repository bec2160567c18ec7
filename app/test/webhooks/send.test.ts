import { createServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { selfSignedCertificate } from '../../src/tls/self-signed.ts';
import { send, type SendOptions } from '../../src/webhooks/send.ts';
import { startReceiver, type WebhookReceiver } from '../support/webhooks/receiver-process.ts';

const options: SendOptions = { policy: { loopback: true, refusedRanges: [] }, timeoutMilliseconds: 1000 };
let receiver: WebhookReceiver;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.stop());

const sendTo = (url: string, changes: Partial<SendOptions> = {}) =>
  send({ url: new URL(url), headers: { 'webhook-id': 'one' }, body: '{}' }, { ...options, ...changes });

describe('a receiver that', () => {
  test('accepts has its status and its response kept', async () => {
    const result = await sendTo(`${receiver.url}/accept`);
    expect(result).toMatchObject({ statusCode: 200, error: null, responseStart: 'thanks' });
    expect(result.durationMilliseconds).toBeLessThan(1000);
    expect(Date.now() - result.startedAt.getTime()).toBeLessThan(10_000);
  });

  test('fails has its status and a printable response kept', async () => {
    expect(await sendTo(`${receiver.url}/fail`)).toMatchObject({
      statusCode: 500,
      error: null,
      responseStart: 'out of order  [31m',
    });
  });

  test('redirects to the metadata of the machine is not followed', async () => {
    expect(await sendTo(`${receiver.url}/metadata`)).toMatchObject({ statusCode: 302, error: null });
  });

  test.each(['hang', 'continue'])('does not respond is given up after the time limit: /%s', async (path) => {
    const result = await sendTo(`${receiver.url}/${path}`);
    expect(result).toMatchObject({ statusCode: null, error: 'No response within 1 seconds.' });
    expect(result.durationMilliseconds).toBeLessThan(1500);
  });

  test('never ends its response still has its status', async () => {
    const result = await sendTo(`${receiver.url}/endless`);
    expect(result).toMatchObject({ statusCode: 200, error: null });
    expect(result.responseStart).toMatch(/^y+$/);
    expect(result.durationMilliseconds).toBeLessThan(1500);
  });

  test('answers slowly is waited for', async () => {
    expect(await sendTo(`${receiver.url}/slow`)).toMatchObject({ statusCode: 200, responseStart: 'late' });
  });

  test('answers with megabytes is cut off after one KiB', async () => {
    expect(await sendTo(`${receiver.url}/large`)).toMatchObject({ statusCode: 200, responseStart: 'x'.repeat(1024) });
  });

  test('sends headers without end is refused', async () => {
    expect(await sendTo(`${receiver.url}/headers`)).toMatchObject({
      statusCode: null,
      error: 'The connection failed: HPE_HEADER_OVERFLOW.',
    });
  });

  test('switches protocols does not hold the attempt', async () => {
    const result = await sendTo(`${receiver.url}/switch`);
    expect(result).toMatchObject({ statusCode: 101, responseStart: null });
    expect(result.durationMilliseconds).toBeLessThan(500);
  });

  test('cuts the connection is a failure', async () => {
    expect(await sendTo(`${receiver.url}/cut`)).toMatchObject({
      statusCode: null,
      error: 'The connection failed: ECONNRESET.',
    });
  });

  test('is not there is a failure', async () => {
    const closed = createTcpServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => closed.once('listening', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => closed.close(resolve));
    expect((await sendTo(`http://127.0.0.1:${port}/`)).error).toBe('The connection failed: ECONNREFUSED.');
  });
});

describe('an attempt', () => {
  test('to a name with a private address opens no connection', async () => {
    let connections = 0;
    const inside = createTcpServer(() => (connections += 1)).listen(0, '127.0.0.1');
    await new Promise((resolve) => inside.once('listening', resolve));
    const { port } = inside.address() as AddressInfo;
    const result = await sendTo(`https://shop.example:${port}/`, {
      policy: { loopback: false, refusedRanges: [] },
      resolve: () => Promise.resolve(['127.0.0.1']),
    });
    expect(result.error).toBe('The address 127.0.0.1 of shop.example is not public.');
    expect(connections).toBe(0);
    inside.close();
  });

  test('asks the name servers once, so a second answer cannot lead it elsewhere', async () => {
    const { port } = new URL(receiver.url);
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const result = await sendTo(`http://shop.example:${port}/accept`, {
      resolve: () => Promise.resolve(answers.shift() ?? []),
    });
    expect(result).toMatchObject({ statusCode: 200 });
    expect(answers).toHaveLength(1);
  });

  test('does not wait for a slow name server for longer than the time limit', async () => {
    const result = await sendTo('https://shop.example/', { resolve: () => new Promise(() => undefined) });
    expect(result.error).toBe('No response within 1 seconds.');
  });

  test('names the failure of a lookup', async () => {
    const failing = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    expect((await sendTo('https://shop.example/', { resolve: () => Promise.reject(failing) })).error).toBe(
      'The connection failed: ECONNREFUSED.',
    );
  });
});

describe('over TLS, an attempt', () => {
  let port: number;
  let certificate: { readonly key: string; readonly cert: string };
  let server: ReturnType<typeof createServer>;
  beforeAll(async () => {
    certificate = await selfSignedCertificate();
    server = createServer(certificate, (_request, response) => response.end('secret thanks')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    ({ port } = server.address() as AddressInfo);
  });
  afterAll(() => server.close());

  const sendSecurely = (host: string, authorities?: string) =>
    sendTo(`https://${host}:${port}/`, {
      resolve: () => Promise.resolve(['127.0.0.1']),
      ...(authorities !== undefined && { authorities }),
    });

  test('reaches a host with a valid certificate', async () => {
    expect(await sendSecurely('payments-api', certificate.cert)).toMatchObject({
      statusCode: 200,
      responseStart: 'secret thanks',
    });
  });

  test('fails when the certificate has an unknown authority', async () => {
    expect((await sendSecurely('payments-api')).error).toBe('The connection failed: DEPTH_ZERO_SELF_SIGNED_CERT.');
  });

  test('fails when the certificate is of another host', async () => {
    expect((await sendSecurely('shop.example', certificate.cert)).error).toBe(
      'The connection failed: ERR_TLS_CERT_ALTNAME_INVALID.',
    );
  });
});
