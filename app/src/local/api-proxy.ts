import { Readable } from 'node:stream';
import fastifyHttpProxy from '@fastify/http-proxy';
import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify';
import { bodyLimitBytes } from '../http/body-limit.ts';
import { correlationHeader, payloadTooLarge, sendProblem } from '../http/problem-handler.ts';
import { Problem } from '../problems.ts';

/** How long the rest of a body that is too large is read and dropped, so that the client reads the answer instead of a reset. */
const drainMilliseconds = 2_000;

/** They describe one connection; RFC 9110, section 7.6.1. `expect` is met by the edge itself. */
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

/** Passes `/api/*` on to the API. The edge reads each body completely first: so it never leaves one unread on a connection. */
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
          // From here on the body has this length, also if it came in chunks.
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
      // Our own line says what its two would.
      disableRequestLogging: true,
      replyOptions: {
        // An API that is busy is not asked again: that is for the client to decide.
        retryDelay: () => null,
        rewriteRequestHeaders: (request, headers) => {
          const { 'content-length': length, ...others } = withoutHopHeaders(headers);
          // Fastify reads no body of a GET or HEAD request.
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

/** @throws Problem when the body is larger than the API takes */
function readBody({ headers }: FastifyRequest, payload: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => {
      clearTimeout(drained);
      reject(payloadTooLarge());
    };
    let drained: NodeJS.Timeout | undefined;
    // The client has not sent it yet, and does not after this answer.
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
