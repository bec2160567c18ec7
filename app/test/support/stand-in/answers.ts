import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { broken } from './broken.ts';
import { log } from './log.ts';

/** Responds to a request and logs it. */
export async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization, cookie, 'x-correlation-id': sent } = request.headers;
  const correlationId = typeof sent === 'string' ? sent : randomUUID();
  if (sent === undefined) {
    if (!broken('makes no correlation id')) response.setHeader('x-correlation-id', correlationId);
  } else {
    response.setHeader('x-correlation-id', broken('returns another correlation id') ? randomUUID() : correlationId);
  }
  const status = await statusOf(request);
  log('info', 'request', {
    correlationId: broken('logs no correlation id') ? undefined : correlationId,
    authorization: broken('logs credentials') ? authorization : undefined,
    cookie: broken('logs cookies') ? cookie : undefined,
    address: broken('logs addresses') ? request.url : undefined,
  });
  if (status < 400) {
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    return;
  }
  const detail = broken('shows stack traces') ? new Error('refused').stack : 'refused';
  response.writeHead(status, {
    'content-type': `application/${broken('refuses with plain JSON') ? '' : 'problem+'}json`,
  });
  response.end(JSON.stringify({ type: '/problems/refused', title: 'Refused', status, detail }));
}

async function statusOf(request: IncomingMessage): Promise<number> {
  const { url = '', method } = request;
  if (url === '/health') {
    if (broken('health needs a key')) return 401;
    return !broken('health asks the database') || (await reachesDatabase()) ? 200 : 503;
  }
  if (url === '/ready') return (await reachesDatabase()) || broken('always ready') ? 200 : 503;
  const body = await text(request);
  if (broken('serves whatever is asked')) return 200;
  if (method !== 'POST') return url.startsWith('/api/v1/payments') ? 401 : 404;
  try {
    JSON.parse(body);
    return 401;
  } catch {
    return 400;
  }
}

async function reachesDatabase(): Promise<boolean> {
  const port = process.env[broken('another database') ? 'ANOTHER_DATABASE_PORT' : 'DATABASE_PORT'];
  const socket = connect(Number(port), process.env['DATABASE_HOST']);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
