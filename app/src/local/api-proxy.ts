import { Readable } from 'node:stream';
import fastifyHttpProxy from '@fastify/http-proxy';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { bodyLimitBytes } from '../http/body-limit.ts';
import { correlationHeader, payloadTooLarge, sendProblem } from '../http/problem-handler.ts';
import { Problem } from '../problems.ts';

/** How long the proxy keeps reading a body that is too large. Closing earlier would reset the connection before the client reads the 413. */
const drainMilliseconds = 2_000;

/** Hop-by-hop headers, which a proxy must not forward (RFC 9110, section 7.6.1). The edge itself handles `expect`. */
const hopHeaders = [
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Forwards `/api/*` to the API. It buffers each request body, so that no unread body is left on a connection. */
export async function proxyApi(edge: FastifyInstance, apiUrl: string): Promise<void> {
  edge.server.on('checkContinue', (request, response) => {
    if (!isTooLong(request.headers)) response.writeContinue();
    edge.server.emit('request', request, response);
  });
  await edge.register(async (proxy) => {
    proxy.removeAllContentTypeParsers();
    proxy.addContentTypeParser('*', (request, payload, done) => {
      readBody(request, payload).then(
        (body) => {
          // The buffered body has a known length, even if the client sent it in chunks.
          request.headers['content-length'] = String(body.length);
          done(null, Readable.from([body], { objectMode: false }));
        },
        (error: unknown) => {
          done(error as Error);
        },
      );
    });
    proxy.setErrorHandler((error: FastifyError, request, reply) => {
      if (!(error instanceof Problem)) throw error;
      return sendProblem(error, request, reply.header(correlationHeader, request.id));
    });
    await proxy.register(fastifyHttpProxy, {
      upstream: apiUrl,
      prefix: '/api',
      rewritePrefix: '/api',
      proxyPayloads: false,
      // The edge logs one line per request.
      disableRequestLogging: true,
      replyOptions: {
        // No retries: the client decides whether to repeat a request.
        retryDelay: () => null,
        rewriteRequestHeaders: (request, headers) => {
          const { 'content-length': length, ...others } = withoutHopHeaders(headers);
          // Fastify does not read the body of a GET or HEAD request.
          return request.body === undefined ? others : { ...others, 'content-length': length };
        },
        rewriteHeaders: (headers) => withoutHopHeaders(headers),
        onError(reply, { error }) {
          void reply.code(502).type('application/problem+json').send({
            type: '/problems/bad-gateway',
            title: 'API unavailable',
            status: 502,
            detail: error.message,
          });
        },
      },
    });
  });
}

function isTooLong(headers: Headers): boolean {
  return Number(headers['content-length'] ?? 0) > bodyLimitBytes;
}

/** @throws Problem when the body exceeds the limit of the API */
function readBody({ headers }: FastifyRequest, payload: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => {
      clearTimeout(drained);
      reject(payloadTooLarge());
    };
    let drained: NodeJS.Timeout | undefined;
    // The client waits for 100 Continue, so it has not sent the body and there is nothing to drain.
    if (isTooLong(headers) && headers.expect !== undefined) {
      tooLarge();
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= bodyLimitBytes) chunks.push(chunk);
      else drained ??= setTimeout(tooLarge, drainMilliseconds);
    });
    payload.once('error', (error) => {
      clearTimeout(drained);
      reject(error);
    });
    payload.once('end', () => {
      if (length > bodyLimitBytes) tooLarge();
      else resolve(Buffer.concat(chunks));
    });
  });
}

function withoutHopHeaders<T extends Headers>(headers: T): T {
  const named = String(headers['connection'] ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const dropped = new Set([...hopHeaders, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name))) as T;
}
