import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { handlerBundle } from '../../../lib/constructs/handler-bundles';
import type { ProbeTarget } from '../../../lib/edge/availability/probe-targets';
import { serverCertificate, type ServerCertificate } from '../../support/server-certificate';

const execute = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'probe-'));
const servers: (Server | TcpServer)[] = [];
const nextYear = new Date(Date.now() + 365 * 86_400_000);
let valid: ServerCertificate;
let expired: ServerCertificate;
let ofAnotherHost: ServerCertificate;

beforeAll(async () => {
  valid = await serverCertificate('localhost', nextYear);
  expired = await serverCertificate('localhost', new Date('2021-01-01'));
  ofAnotherHost = await serverCertificate('other.example', nextYear);
  writeFileSync(join(folder, 'trusted.pem'), [valid, expired, ofAnotherHost].map(({ cert }) => cert).join('\n'));
});
afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(folder, { recursive: true });
});

async function listening(server: Server | TcpServer): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}/health`;
}

/** The address of a server that answers every request with `status`. */
const answering = (status: number, options: ServerOptions): Promise<string> =>
  listening(createServer(options, (_, response) => response.writeHead(status).end('{}')));

/** Runs the function's bundle as Lambda does. @returns the message of its error; `undefined` when it succeeds */
async function run(targets: readonly ProbeTarget[], trusted = true): Promise<string | undefined> {
  const bundle = join(handlerBundle('edge/availability/availability-probe.lambda.ts'), 'handler.js');
  const script = `require(${JSON.stringify(bundle)}).handler().then(() => 0, (error) => console.log(error.message))`;
  const env = {
    TARGETS: JSON.stringify(targets),
    TIMEOUT_MILLISECONDS: '300',
    ...(trusted && { NODE_EXTRA_CA_CERTS: join(folder, 'trusted.pem') }),
  };
  const { stdout } = await execute(process.execPath, ['-e', script], { env });
  return stdout === '' ? undefined : stdout.trim();
}

test('succeeds if every URL returns the expected status', async () => {
  const targets = [
    { url: await answering(200, valid), expected: 200 },
    { url: await answering(401, valid), expected: 401 },
  ];
  expect(await run(targets)).toBeUndefined();
});

test('sends a User-Agent, because web ACLs block requests without one', async () => {
  const agents: unknown[] = [];
  const server = createServer(valid, ({ headers }, response) => {
    agents.push(headers['user-agent']);
    response.end();
  });
  expect(await run([{ url: await listening(server), expected: 200 }])).toBeUndefined();
  expect(agents).toEqual(['payment-platform-availability-probe']);
});

test('reports exactly the URLs with another status', async () => {
  const [healthy, failing, forbidden] = await Promise.all([200, 503, 403].map((status) => answering(status, valid)));
  const targets = [healthy, failing, forbidden].map((url = '') => ({ url, expected: 200 }));
  expect(await run(targets)).toBe(
    `GET ${failing}: status 503 instead of 200\nGET ${forbidden}: status 403 instead of 200`,
  );
});

test('reports an expired certificate', async () => {
  expect(await run([{ url: await answering(200, expired), expected: 200 }])).toContain('certificate has expired');
});

test('reports a certificate of another host', async () => {
  expect(await run([{ url: await answering(200, ofAnotherHost), expected: 200 }])).toContain('does not match');
});

test('reports a certificate of an unknown authority', async () => {
  expect(await run([{ url: await answering(200, valid), expected: 200 }], false)).toContain('self-signed certificate');
});

test('reports a host without a DNS record', async () => {
  const url = 'https://nowhere.invalid/health';
  expect(await run([{ url, expected: 200 }])).toMatch(/^GET https:\/\/nowhere\.invalid\/health: .*nowhere\.invalid/);
});

test('reports a refused connection and a timeout', async () => {
  const closed = createTcpServer();
  const gone = await listening(closed);
  closed.close();
  expect(await run([{ url: gone, expected: 200 }])).toContain('ECONNREFUSED');
  const silent = await listening(createServer(valid, () => undefined));
  expect(await run([{ url: silent, expected: 200 }])).toContain('no response within 300 ms');
});

describe('if the server requires a client certificate', () => {
  const mutual = (certificate: ServerCertificate, maxVersion: 'TLSv1.2' | 'TLSv1.3') =>
    answering(200, { ...certificate, requestCert: true, rejectUnauthorized: true, maxVersion });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('accepts a valid server certificate with %s', async (version) => {
    expect(await run([{ url: await mutual(valid, version), expected: 'tls-only' }])).toBeUndefined();
  });

  test('reports an expired server certificate', async () => {
    expect(await run([{ url: await mutual(expired, 'TLSv1.3'), expected: 'tls-only' }])).toContain('has expired');
  });

  test('reports a refused connection', async () => {
    const closed = createTcpServer();
    const gone = await listening(closed);
    closed.close();
    expect(await run([{ url: gone, expected: 'tls-only' }])).toContain('ECONNREFUSED');
  });
});
