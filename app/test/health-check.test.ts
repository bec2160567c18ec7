import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { selfSignedCertificate } from '../src/tls/self-signed.ts';
import { startEntryPoint } from './support/child-process.ts';

/** Starts a TLS server like the API and returns its port. */
async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(await selfSignedCertificate(), answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return String((server.address() as AddressInfo).port);
}

const checkOf = (port: string) => startEntryPoint('health-check', { PORT: port }).ended;

test('a 200 from /health is healthy, with any certificate', async () => {
  const port = await listen(({ url }, response) => response.writeHead(url === '/health' ? 200 : 404).end());
  expect(await checkOf(port)).toBe(0);
});

test.each([503, 204])('a %i is unhealthy', async (status) => {
  expect(await checkOf(await listen((_request, response) => response.writeHead(status).end()))).toBe(1);
});

test('no response is unhealthy', async () => {
  const port = await listen(() => undefined);
  expect(await checkOf(port)).toBe(1);
});

test('a refused connection or a missing TLS handshake is unhealthy', async () => {
  const plain = createHttpServer((_request, response) => response.writeHead(200).end()).listen(0, '127.0.0.1');
  await once(plain, 'listening');
  const port = String((plain.address() as AddressInfo).port);
  expect(await checkOf(port)).toBe(1);
  plain.close();
  await once(plain, 'close');
  expect(await checkOf(port)).toBe(1);
});
