import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer, get, type Server } from 'node:https';
import { createServer as createSocketServer } from 'node:net';
import { join } from 'node:path';
import { type KeyPair, selfSignedCertificate } from '../../../src/tls/self-signed.ts';
import { answer } from './answers.ts';
import { broken } from './broken.ts';
import { log, writeMetric } from './log.ts';

/*
 * A minimal API that conforms to CONTAINER-CONTRACT.md, except for the fault that `BROKEN`
 * selects. Its first argument is that of the image: none, `migrate.js` or `health-check.js`.
 */

const { PORT: port = '', DATABASE_AUTHENTICATION: authentication = '', HOME = '', TMPDIR = '' } = process.env;
let inFlight = 0;

function wrongVariables(): string[] {
  const required = ['ENVIRONMENT_NAME', 'DATABASE_HOST', 'DATABASE_NAME', 'DATABASE_USER'];
  const wrong = required.filter((name) => process.env[name] === undefined);
  if (!/^\d+$/.test(port)) wrong.push('PORT');
  if (authentication !== 'password-file') wrong.push('DATABASE_AUTHENTICATION');
  return wrong;
}

/** On Linux, all of 127.0.0.0/8 is loopback, so two of its addresses represent 0.0.0.0. */
function addresses(): readonly string[] {
  if (broken('listens on one address')) return ['127.0.0.1'];
  return process.platform === 'linux' ? ['127.0.0.1', '127.0.0.2'] : ['0.0.0.0'];
}

async function count(request: IncomingMessage, response: ServerResponse): Promise<void> {
  inFlight += 1;
  await answer(request, response);
  writeMetric();
  inFlight -= 1;
}

/** Serves TLS and plain HTTP on the same port. */
function speakBoth(secure: Server, plainly: ReturnType<typeof createPlainServer>) {
  return createSocketServer((socket) => {
    socket.once('data', (start) => {
      socket.pause();
      socket.unshift(start);
      // A TLS handshake starts with byte 22, which no HTTP request does.
      (start[0] === 22 ? secure : plainly).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
}

async function serve(): Promise<void> {
  const pair = broken('the same key at each start')
    ? (JSON.parse(readFileSync(process.env['SAME_KEY_PAIR'] ?? '', 'utf8')) as KeyPair)
    : await selfSignedCertificate();
  const versions = broken('any version of TLS')
    ? ({ minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const)
    : ({ minVersion: 'TLSv1.2' } as const);
  const listener = (request: IncomingMessage, response: ServerResponse) => void count(request, response);
  const servers = addresses().map((address) => {
    const secure = createServer({ ...pair, ...versions }, listener);
    const server = broken('serves plain HTTP') ? speakBoth(secure, createPlainServer(listener)) : secure;
    return server.listen(broken('ignores PORT') ? 0 : Number(port), address);
  });
  await Promise.all(servers.map((server) => once(server, 'listening')));
  log('info', 'listening');
  process.once('SIGTERM', () => {
    if (broken('drops requests in flight')) process.exit(0);
    if (!broken('accepts connections to the end')) for (const server of servers) server.close();
    setInterval(() => {
      if (inFlight === 0 && !broken('never ends')) process.exit(broken('ends with 143') ? 143 : 0);
    }, 100);
  });
}

async function checkHealth(): Promise<void> {
  if (broken('health check is always content')) return;
  const request = get({ host: '127.0.0.1', port, path: '/health', rejectUnauthorized: false });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  process.exit((response.statusCode ?? 500) < 500 && !broken('health check is never content') ? 0 : 1);
}

if (process.argv[2] === 'health-check.js') {
  await checkHealth();
} else if (process.argv[2] === 'migrate.js') {
  const wrong = broken('migrations need no environment') ? [] : wrongVariables().filter((name) => name !== 'PORT');
  process.exit(wrong.length === 0 && !broken('migrations fail') ? 0 : 1);
} else {
  const wrong = wrongVariables();
  if (wrong.length > 0 && !broken('works in any environment')) {
    console.error(broken('names no variable') ? 'The environment is wrong.' : `Missing or wrong: ${wrong.join(', ')}`);
    process.exit(broken('ends with 0 in a wrong environment') ? 0 : 1);
  }
  if (broken('ends at once') || (broken('needs root') && process.getuid?.() !== 0)) process.exit(1);
  const file = `written-by-${process.pid}`;
  if (broken('writes to TMPDIR')) writeFileSync(join(TMPDIR, file), '');
  if (broken('writes to HOME')) writeFileSync(join(HOME, file), '');
  if (broken('writes beside itself')) writeFileSync(file, '');
  await serve();
}
