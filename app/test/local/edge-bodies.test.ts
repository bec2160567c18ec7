import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import Fastify, { type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildEdge } from '../../src/local/edge.ts';
import { expectRawProblem, openRaw } from '../fuzz/raw-connection.ts';

/** Bodies over real connections, because injected requests have none. */

let directory: string;
let api: FastifyInstance;
let edge: FastifyInstance;
let url: string;
let received: { body: string; headers: IncomingMessage['headers'] }[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'edge-bodies-'));
  writeFileSync(join(directory, 'index.html'), 'page');
  writeFileSync(join(directory, 'reference.html'), '');
  received = [];
  // It rejects large bodies as the API does.
  api = Fastify({ bodyLimit: 64 * 1024, forceCloseConnections: true });
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  api.all('/api/*', async ({ body, headers }) => {
    received.push({ body: (body as string | undefined) ?? '', headers });
    return 'taken';
  });
  edge = await buildEdge({
    apiUrl: await api.listen({ host: '127.0.0.1', port: 0 }),
    siteDirectory: directory,
    securityHeaders: {},
    referenceHeaders: {},
    runtimeConfiguration: {},
    logger: pino({ level: 'silent' }),
  });
  url = await edge.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await edge.close();
  await api.close();
  rmSync(directory, { recursive: true });
});

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: string;
}

/** Sends a request on a keep-alive connection and reads the response. */
function send(agent: Agent, method: string, body?: Buffer, headers: Readonly<Record<string, string>> = {}) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request(`${url}/api/v1/payments`, { agent, method, headers, timeout: 10_000 }, (response) => {
      void text(response).then((content) => {
        resolve({ status: response.statusCode, connection: response.headers.connection, body: content });
      }, reject);
    });
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error('No answer came within 10 seconds.')));
    if ('expect' in headers) sent.on('continue', () => sent.end(body)).flushHeaders();
    else sent.end(body);
  });
}

const megabyte = 1024 * 1024;
const json = { 'content-type': 'application/json' };

describe.each([
  ['with its length', (size: number) => ({ ...json, 'content-length': String(size) })],
  ['in chunks', () => ({ ...json, 'transfer-encoding': 'chunked' })],
])('a body %s', (_how, headersOf) => {
  test.each([0.07, 0.9, 1, 5, 20])(
    'of %d MB receives 413 and a closed connection; the next GET works',
    async (size) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const body = Buffer.alloc(Math.round(size * megabyte), 0x20);
      for (let round = 0; round < 3; round += 1) {
        const refused = await send(agent, 'POST', body, headersOf(body.length));
        expect(refused).toMatchObject({ status: 413, connection: 'close' });
        expect(JSON.parse(refused.body)).toMatchObject({ type: '/problems/payload-too-large', status: 413 });
        expect(await send(agent, 'GET')).toMatchObject({ status: 200, body: 'taken' });
      }
      expect(received.map(({ body: content }) => content)).toEqual(['', '', '']);
      agent.destroy();
    },
  );

  test('within the limit arrives complete', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const body = Buffer.alloc(64 * 1024, 'x');
    expect(await send(agent, 'POST', body, headersOf(body.length))).toMatchObject({ status: 200 });
    expect(await send(agent, 'PUT', body, headersOf(body.length))).toMatchObject({ status: 200 });
    expect(received.map(({ body: content }) => content.length)).toEqual([65_536, 65_536]);
    expect(received[0]?.headers['content-type']).toBe('application/json');
    agent.destroy();
  });
});

test.each([{}, { 'content-type': 'text/plain' }, { 'content-type': 'multipart/form-data; boundary=x' }])(
  'a body of the type %j is forwarded unchanged',
  async (headers) => {
    const agent = new Agent();
    expect(await send(agent, 'POST', Buffer.from('a=1'), headers)).toMatchObject({ status: 200 });
    expect(received).toMatchObject([{ body: 'a=1', headers }]);
  },
);

test('a client that stops within a large body receives 413 too', async () => {
  const raw = openRaw(url);
  raw.socket.write('POST /api/v1/payments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n\r\n');
  raw.socket.write(Buffer.alloc(megabyte));
  await raw.closed();
  expectRawProblem(raw.received(), 413, 'payload-too-large');
});

test('the body of a GET is dropped and the connection stays usable', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (const body of [Buffer.from('{}'), Buffer.alloc(megabyte)]) {
    expect(await send(agent, 'GET', body, { 'content-length': String(body.length) })).toMatchObject({ status: 200 });
    expect(await send(agent, 'GET')).toMatchObject({ status: 200 });
  }
  expect(received.map(({ body }) => body)).toEqual(['', '', '', '']);
  agent.destroy();
});

test('a client that disconnects within its body does not affect the edge', async () => {
  const raw = openRaw(url);
  raw.socket.write('POST /api/v1/payments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{');
  await sleep(100);
  raw.socket.destroy();
  await raw.closed();
  expect(await send(new Agent(), 'GET')).toMatchObject({ status: 200 });
  expect(received).toHaveLength(1);
});

describe('Expect: 100-continue', () => {
  test('receives 100, then the response', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const headers = { ...json, expect: '100-continue', 'content-length': '2' };
    expect(await send(agent, 'POST', Buffer.from('{}'), headers)).toMatchObject({ status: 200 });
    expect(received).toMatchObject([{ body: '{}' }]);
    expect(received[0]?.headers.expect).toBeUndefined();
    agent.destroy();
  });

  test('receives 413 instead of 100 for a body that is too large', async () => {
    const raw = openRaw(url);
    raw.socket.write(
      'POST /api/v1/payments HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 20000000\r\n\r\n',
    );
    await raw.closed();
    expectRawProblem(raw.received(), 413, 'payload-too-large');
  });
});

test('hop-by-hop headers are not forwarded', async () => {
  const raw = openRaw(url);
  const hop = [
    'Connection: x-hop, keep-alive',
    'X-Hop: 1',
    'Keep-Alive: timeout=600',
    'TE: trailers',
    'Trailer: x-sum',
  ];
  const proxy = ['Proxy-Connection: keep-alive', 'Proxy-Authorization: Basic eDp5', 'Upgrade: h2c'];
  raw.socket.write(
    `GET /api/v1/payments HTTP/1.1\r\nHost: localhost\r\nX-End: 2\r\n${[...hop, ...proxy].join('\r\n')}\r\n\r\n`,
  );
  const end = Date.now() + 5000;
  while (received.length === 0 && Date.now() < end) await sleep(10);
  raw.socket.destroy();
  expect(received).toMatchObject([{ headers: { 'x-end': '2' } }]);
  const names = ['x-hop', 'keep-alive', 'te', 'trailer', 'proxy-connection', 'proxy-authorization', 'upgrade'];
  for (const name of names) expect(Object.keys(received[0]?.headers ?? {})).not.toContain(name);
});
