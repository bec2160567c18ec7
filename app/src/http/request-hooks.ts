import type { IncomingMessage } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { isCorrelationId, newCorrelationId } from '../correlation-id.ts';
import type { WaitQueue } from '../db/wait-queue.ts';
import { overloaded, Problem } from '../problems.ts';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import { findCardNumber, holdsCardNumber } from './card-numbers.ts';
import type {} from './client-certificates.ts';
import { correlationHeader } from './problem-handler.ts';

/** Set by an API Gateway in front of the API, whatever the client sends. Its own log contains the same ID. */
const gatewayHeader = 'x-request-id';

/** The id under which a request is found in every log: the client's, when it is one, that of the API Gateway before us, or a new one. */
export function correlationId({ headers }: IncomingMessage): string {
  return [headers[correlationHeader], headers[gatewayHeader]].find(isAcceptable) ?? newCorrelationId();
}

function isAcceptable(text: string | string[] | undefined): text is string {
  return typeof text === 'string' && isCorrelationId(text) && !holdsCardNumber(text);
}

/** Answers with the correlation id, and logs one line for each request: who, what, how it ended, how long it took. */
export function logRequests(app: FastifyInstance, metrics: BusinessMetrics): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header(correlationHeader, request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { headers, method, routeOptions, principal, clientCertificate } = request;
    const gatewayRequestId = headers[gatewayHeader];
    metrics.requestEnded(reply.statusCode, reply.elapsedTime);
    if (routeOptions.url === '/health') return;
    request.log.info(
      {
        method,
        // The pattern, never the address: an address may hold anything.
        route: routeOptions.url ?? 'unknown',
        statusCode: reply.statusCode,
        durationMilliseconds: Math.round(reply.elapsedTime),
        merchantId: principal?.merchantId,
        ...(clientCertificate && {
          clientSubject: clientCertificate.subject,
          clientSerial: clientCertificate.serial,
        }),
        ...(isAcceptable(gatewayRequestId) && { gatewayRequestId }),
      },
      'request',
    );
  });
}

/** Refuses card numbers in any part of a request before the request is processed (PCI DSS 3.3). */
export function refuseCardNumbers(app: FastifyInstance): void {
  app.addHook('preValidation', async ({ body, query, params, headers }) => {
    const places = { body, query, params, headers: { 'idempotency-key': headers['idempotency-key'] } };
    for (const [place, value] of Object.entries(places)) {
      const pointer = findCardNumber(value);
      if (pointer === undefined) continue;
      throw new Problem('card-number-refused', 'A field contains a card number. Send a payment token instead.', {
        errors: [
          {
            pointer: place === 'body' ? pointer : `/${place}${pointer}`,
            detail: 'contains a card number',
          },
        ],
      });
    }
  });
}

/** Refuses requests while the first item in the queue has waited too long. For routes that need a database of their own. */
export function refuseWhileSlow(app: FastifyInstance, queue: WaitQueue, longestWaitMilliseconds: number): void {
  app.addHook('onRequest', async () => {
    if (queue.ageMilliseconds <= longestWaitMilliseconds) return;
    throw overloaded(1);
  });
}

/** How long a request may take from a client to this process. */
const deliveryMilliseconds = 100;

/**
 * Lets no client keep its connection once the API closes: the process could not end before the client lets go of it. Requests that were sent
 * before are read first, because Node.js takes a connection with unread bytes for idle and resets it.
 */
export function endConnections(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    if (!app.server.listening) return;
    await sleep(deliveryMilliseconds);
    // After a timer that is late, the event loop reads connections once more: first accepted ones, then their bytes.
    for (const _ of ['accept', 'read']) await nextTurn();
  });
  app.addHook('onSend', async (_request, reply) => {
    if (closing) void reply.header('connection', 'close');
  });
}
