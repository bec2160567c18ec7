import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { correlationHeader } from '../http/problem-handler.ts';
import { correlationId } from '../http/request-hooks.ts';
import { proxyApi } from './api-proxy.ts';

/** What the local edge serves. */
export interface EdgeOptions {
  /** Where the API listens: `http://127.0.0.1:PORT`. */
  readonly apiUrl: string;
  /** The folder with the built console. */
  readonly siteDirectory: string;
  /** Header -> value; the same table that CloudFront gets. */
  readonly securityHeaders: Readonly<Record<string, string>>;
  /** What the console reads at start. */
  readonly runtimeConfiguration: Readonly<Record<string, unknown>>;
  /** Gets one line for each request, as CloudFront's access log has one. */
  readonly logger: FastifyBaseLogger;
}

const yearSeconds = 31_536_000;

/** Does on a laptop what CloudFront does in AWS: the console, `/api/*` and nothing else, with the same security headers. */
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
  // What has no extension is a path of the console itself.
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
