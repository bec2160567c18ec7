import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { correlationHeader } from '../http/problem-handler.ts';
import { correlationId } from '../http/request-hooks.ts';
import { proxyApi } from './api-proxy.ts';

export interface EdgeOptions {
  /** `http://127.0.0.1:PORT` */
  readonly apiUrl: string;
  /** The directory with the built console. */
  readonly siteDirectory: string;
  /** Response headers by name. The same file configures CloudFront. */
  readonly securityHeaders: Readonly<Record<string, string>>;
  /** The content of `/config.json`. */
  readonly runtimeConfiguration: Readonly<Record<string, unknown>>;
  /** Receives one line per request, like the access log of CloudFront. */
  readonly logger: FastifyBaseLogger;
}

const yearSeconds = 31_536_000;

/** The local counterpart of CloudFront: serves the console and forwards `/api/*`, with the same security headers. */
export async function buildEdge({
  apiUrl,
  siteDirectory,
  securityHeaders,
  runtimeConfiguration,
  logger,
}: EdgeOptions): Promise<FastifyInstance> {
  const edge = Fastify({
    forceCloseConnections: true,
    loggerInstance: logger,
    requestIdHeader: false,
    genReqId: correlationId,
    logController: new LogController({ requestIdLogLabel: 'correlationId', disableRequestLogging: true }),
  });
  const page = readFileSync(join(siteDirectory, 'index.html'));

  edge.addHook('onRequest', async (request) => {
    request.headers[correlationHeader] = request.id;
  });
  edge.addHook('onSend', async (_request, reply) => {
    for (const [header, value] of Object.entries(securityHeaders)) void reply.header(header, value);
  });

  edge.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request;
    const durationMilliseconds = Math.round(reply.elapsedTime);
    const { statusCode } = reply;
    request.log.info({ method, route: routeOptions.url ?? 'page', statusCode, durationMilliseconds }, 'request');
  });

  await proxyApi(edge, apiUrl);
  edge.get('/config.json', (_request, reply) => reply.header('Cache-Control', 'no-cache').send(runtimeConfiguration));
  await edge.register(fastifyStatic, {
    root: siteDirectory,
    index: false,
    wildcard: true,
    cacheControl: false,
    setHeaders(response, path) {
      const hashed = path.includes('/assets/');
      response.setHeader('Cache-Control', hashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache');
    },
  });
  // A path without a file extension is a client-side route of the console.
  edge.setNotFoundHandler((request, reply) => {
    const pathname = request.url.split('?')[0] ?? '';
    if (request.method !== 'GET' || /\.[^/]*$/.test(pathname))
      return reply.code(404).type('text/plain').send('Not found');
    return reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-cache').send(page);
  });
  edge.get('/', (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-cache').send(page),
  );
  return edge;
}
