import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildEdge } from '../../src/local/edge.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const page = '<!doctype html><title>console</title>';
const securityHeaders = { 'Content-Security-Policy': "default-src 'none'", 'X-Frame-Options': 'DENY' };
const secured = { 'content-security-policy': "default-src 'none'", 'x-frame-options': 'DENY' };

let directory: string;
let upstream: Upstream;
let edge: FastifyInstance;
let log: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'edge-test-'));
  const site = join(directory, 'site');
  mkdirSync(join(site, 'assets'), { recursive: true });
  writeFileSync(join(site, 'index.html'), page);
  writeFileSync(join(site, 'reference.html'), 'reference');
  mkdirSync(join(site, 'problems'));
  writeFileSync(join(site, 'problems', 'not-found.html'), 'explained');
  writeFileSync(join(site, 'assets', 'main-4f2a.js'), 'start()');
  writeFileSync(join(directory, 'demo-api-key'), 'pk_beside_the_site');
  upstream = await startUpstream(({ url }, response) => {
    if (url === '/api/busy') response.writeHead(503, { 'retry-after': '2' }).end('busy');
    else response.writeHead(201, { 'x-frame-options': 'SAMEORIGIN', 'set-cookie': 'session=s1' }).end('taken');
  });
  log = [];
  edge = await buildEdge({
    apiUrl: upstream.url,
    siteDirectory: site,
    securityHeaders,
    referenceHeaders: { 'Content-Security-Policy': 'of the reference' },
    runtimeConfiguration: { apiBaseUrl: '/api/v1', environmentName: 'local' },
    logger: pino({ messageKey: 'message' }, { write: (line: string) => log.push(line) }),
  });
});
afterEach(async () => {
  await edge.close();
  await upstream.close();
  rmSync(directory, { recursive: true });
});

test.each(['/', '/payments/42', '/assets/main-4f2a.js', '/config.json', '/none.js', '/api/v1/payments'])(
  '%s has the security headers, even where the API sets others',
  async (url) => {
    expect((await edge.inject(url)).headers).toMatchObject(secured);
  },
);

test('logs one line per request with the correlation id of the API, and replaces an invalid id', async () => {
  for (const id of ['order-4711', 'short', 'not an id, but 30 characters']) {
    await edge.inject({ url: '/api/v1/payments?amount=1', headers: { 'x-correlation-id': id } });
  }
  await edge.inject('/payments/42?card=4111');
  const lines = log.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines).toMatchObject([
    ...Array.from({ length: 3 }, () => ({ message: 'request', method: 'GET', route: '/api/*', statusCode: 201 })),
    { method: 'GET', route: 'page', statusCode: 200 },
  ]);
  const ids = lines.map(({ correlationId }) => correlationId);
  expect(upstream.received.map(({ headers }) => headers['x-correlation-id'])).toEqual(ids.slice(0, 3));
  expect(ids[0]).toBe('order-4711');
  expect(new Set(ids).size).toBe(4);
  for (const id of ids.slice(1)) expect(id).toMatch(/^[0-9a-f-]{36}$/);
  expect(log.join()).not.toMatch(/amount|card/);
});

describe('the reference of the API', () => {
  test('is at /api/docs, with its own content security policy', async () => {
    const { statusCode, headers, body } = await edge.inject('/api/docs');
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: 'reference' });
    expect(headers).toMatchObject({
      'content-security-policy': 'of the reference',
      'x-frame-options': 'DENY',
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
    });
    expect(upstream.received).toEqual([]);
  });

  test('explains a problem at its type, and no unknown one', async () => {
    const found = await edge.inject('/problems/not-found');
    expect({ statusCode: found.statusCode, body: found.body }).toEqual({ statusCode: 200, body: 'explained' });
    expect(found.headers).toMatchObject(secured);
    expect((await edge.inject('/problems/unknown')).statusCode).toBe(404);
  });
});

describe('the console', () => {
  test.each(['/', '/?from=mail', '/payments', '/payments/42', '/payments?q=a.b'])(
    '%s is its page, with Cache-Control: no-cache',
    async (url) => {
      const { statusCode, headers, body } = await edge.inject(url);
      expect({ statusCode, body }).toEqual({ statusCode: 200, body: page });
      expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
    },
  );

  test('assets with a content hash are cached for a year', async () => {
    const { statusCode, headers, body } = await edge.inject('/assets/main-4f2a.js');
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: 'start()' });
    expect(headers).toMatchObject({
      'content-type': expect.stringContaining('javascript') as string,
      'cache-control': 'public, max-age=31536000, immutable',
    });
  });

  test('other files are revalidated each time', async () => {
    const { statusCode, headers } = await edge.inject('/index.html');
    expect(statusCode).toBe(200);
    expect(headers['cache-control']).toBe('no-cache');
  });

  test('/config.json is the runtime configuration', async () => {
    const response = await edge.inject('/config.json');
    expect(response.json()).toEqual({ apiBaseUrl: '/api/v1', environmentName: 'local' });
    expect(response.headers['cache-control']).toBe('no-cache');
  });

  test.each(['/assets/none.js', '/favicon.ico', '/payments/4.2'])('%s returns 404 instead of the page', async (url) => {
    const { statusCode, body } = await edge.inject(url);
    expect({ statusCode, body }).toEqual({ statusCode: 404, body: 'Not found' });
  });

  test.each([
    ['POST', '/payments'],
    ['DELETE', '/'],
    ['POST', '//'],
  ] as const)('%s %s returns 404', async (method, url) => {
    const { statusCode, body } = await edge.inject({ method, url });
    expect({ statusCode, body }).toEqual({ statusCode: 404, body: 'Not found' });
  });

  test.each(['/../demo-api-key', '/%2e%2e/demo-api-key', '/..%2fdemo-api-key', '/assets/..%2f..%2fdemo-api-key'])(
    '%s does not leave the site',
    async (url) => {
      expect((await edge.inject(url)).body).not.toContain('pk_beside_the_site');
    },
  );
});

describe('the API', () => {
  test('receives method, path, headers and body, and its response is returned', async () => {
    const { statusCode, headers, body } = await edge.inject({
      method: 'POST',
      url: '/api/v1/payments?dry=1',
      headers: { authorization: 'Bearer pk_1', 'idempotency-key': 'k1', 'x-correlation-id': 'id-of-client' },
      payload: { amountMinor: 1000 },
    });
    expect({ statusCode, body, cookie: headers['set-cookie'] }).toEqual({
      statusCode: 201,
      body: 'taken',
      cookie: 'session=s1',
    });
    expect(upstream.received).toEqual([
      {
        method: 'POST',
        url: '/api/v1/payments?dry=1',
        body: '{"amountMinor":1000}',
        headers: expect.objectContaining({
          authorization: 'Bearer pk_1',
          'idempotency-key': 'k1',
          'x-correlation-id': 'id-of-client',
          'content-type': 'application/json',
        }) as object,
      },
    ]);
  });

  test('receives a new correlation id if the client sends none', async () => {
    await edge.inject('/api/v1/payments');
    await edge.inject('/api/v1/payments');
    const ids = upstream.received.map(({ headers }) => headers['x-correlation-id']);
    expect(ids).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(ids[0]).not.toBe(ids[1]);
  });

  test.each(['/health', '/ready', '/apis', '/v1/payments', '/API/v1/payments', '//api/v1/payments'])(
    'does not receive %s',
    async (url) => {
      await edge.inject(url);
      await edge.inject({ method: 'POST', url });
      expect(upstream.received).toEqual([]);
    },
  );

  test('receives a request once, even when it returns 503', async () => {
    const { statusCode, headers } = await edge.inject('/api/busy');
    expect({ statusCode, retryAfter: headers['retry-after'] }).toEqual({ statusCode: 503, retryAfter: '2' });
    expect(upstream.received).toHaveLength(1);
  });

  test('receives no hop-by-hop headers', async () => {
    const hop = { connection: 'x-of-this-hop, keep-alive', 'x-of-this-hop': '1', 'keep-alive': 'timeout=600' };
    const { headers } = await edge.inject({ url: '/api/v1/payments', headers: { ...hop, 'x-of-all-hops': '2' } });
    expect(upstream.received[0]?.headers).toMatchObject({ 'x-of-all-hops': '2' });
    expect(Object.keys(upstream.received[0]?.headers ?? {})).not.toContain('x-of-this-hop');
    expect(upstream.received[0]?.headers['keep-alive']).toBeUndefined();
    expect(headers['keep-alive']).toBeUndefined();
  });

  test('being down is a problem document', async () => {
    await upstream.close();
    const { statusCode, headers, body } = await edge.inject('/api/v1/payments');
    expect(statusCode).toBe(502);
    expect(headers).toMatchObject({ ...secured, 'content-type': expect.stringContaining('problem+json') as string });
    expect(JSON.parse(body)).toMatchObject({ type: '/problems/bad-gateway', status: 502 });
  });
});
