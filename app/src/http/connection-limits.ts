import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { ServerOptions } from 'node:http';
import type { ConnectionError, FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import { Problem } from '../problems.ts';
import { correlationHeader } from './problem-handler.ts';

/** How long a client may take to send a request. These limits stop slow-request attacks; a load balancer forwards without delay. */
export interface RequestTimeouts {
  /** From the first byte to the end of the headers. @default 15000 */
  readonly headersMilliseconds: number;
  /** From the first byte to the end of the body. @default 30000 */
  readonly requestMilliseconds: number;
  /** The interval at which Node.js checks both limits. @default 5000 */
  readonly checkMilliseconds: number;
}

export const defaultRequestTimeouts: RequestTimeouts = {
  headersMilliseconds: 15_000,
  requestMilliseconds: 30_000,
  checkMilliseconds: 5000,
};

/**
 * The limits as options of the Node.js server. Its defaults are a check every 30 seconds and 60 seconds for headers.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/http.html#httpcreateserveroptions-requestlistener
 */
export function serverLimits({ headersMilliseconds, checkMilliseconds }: RequestTimeouts): ServerOptions {
  return {
    headersTimeout: headersMilliseconds,
    connectionsCheckingInterval: checkMilliseconds,
    maxHeaderSize: 16 * 1024,
  };
}

/** Fastify's `clientErrorHandler`: answers a request that Node.js cannot parse. No hook or handler runs for it, so this also logs it. */
export function handleClientError(this: FastifyInstance, error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const id = randomUUID();
  const problem = toProblem(error.code);
  this.log.info({ correlationId: id, code: error.code, statusCode: problem.status }, 'connection refused');
  const body = JSON.stringify(problem.body('/', id));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `${correlationHeader}: ${id}`,
    'Connection: close',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}

function toProblem(code: string): Problem {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem('request-timeout', 'The request did not arrive within the time limit.');
  if (code === 'HPE_HEADER_OVERFLOW') return new Problem('headers-too-large', 'The request headers exceed 16 KiB.');
  return new Problem('malformed-request', 'The request is not valid HTTP.');
}
