import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from 'fastify';
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
  /** The headers that differ on the reference of the API. CloudFront uses the same file. */
  readonly referenceHeaders: Readonly<Record<string, string>>;
  /** The content of `/config.json`. */
  readonly runtimeConfiguration: Readonly<Record<string, unknown>>;
  /** Receives one line per request, like the access log of CloudFront. */
  readonly logger: FastifyBaseLogger;
}

const yearSeconds = 31_536_000;
const referencePath = '/api/docs';

/** The local counterpart of CloudFront: serves the console and forwards `/api/*`, with the same security headers. */
export async function buildEdge({
  apiUrl,
  siteDirectory,
  securityHeaders,
  referenceHeaders,
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
  const reference = readFileSync(join(siteDirectory, 'reference.html'));
  const sendPage = (reply: FastifyReply, content: Buffer) =>
    reply.type('text/html; charset=utf-8').header('Cache-Control', 'no-cache').send(content);

  edge.addHook('onRequest', async (request) => {
    request.headers[correlationHeader] = request.id;
  });
  edge.addHook('onSend', async ({ routeOptions: { url } }, reply) => {
    const headers = { ...securityHeaders, ...(url === referencePath && referenceHeaders) };
    for (const [header, value] of Object.entries(headers)) void reply.header(header, value);
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
    return sendPage(reply, page);
  });
  edge.get('/', (_request, reply) => sendPage(reply, page));
  edge.get(referencePath, (_request, reply) => sendPage(reply, reference));
  // In place of CloudFront's function, which appends the extension.
  edge.get<{ Params: { slug: string } }>('/problems/:slug([a-z-]+)', ({ params: { slug } }, reply) => {
    const file = join(siteDirectory, 'problems', `${slug}.html`);
    return existsSync(file)
      ? sendPage(reply, readFileSync(file))
      : reply.code(404).type('text/plain').send('Not found');
  });
  return edge;
}
