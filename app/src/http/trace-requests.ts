import type { FastifyInstance } from 'fastify';
import type { TraceSpan, Tracing } from '../telemetry/tracing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request in its trace; none where tracing is off, and for questions about the API's health. */
    span?: TraceSpan | undefined;
  }
}

const untraced = ['/health', '/ready'];

/** Makes each request a span, in the trace that its headers name or a new one. */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  app.decorateRequest('span', undefined);
  app.addHook('onRequest', async (request) => {
    const { method, headers, id, routeOptions } = request;
    // The pattern, never the address: an address may hold anything.
    const { url: route = 'unknown' } = routeOptions;
    if (untraced.includes(route)) return;
    request.span = tracing.begin({ name: `${method} ${route}`, kind: 'server', cause: headers, correlationId: id });
  });
  app.addHook('onResponse', async ({ span, method, routeOptions }, { statusCode }) => {
    span?.end({
      'http.request.method': method,
      'http.route': routeOptions.url ?? 'unknown',
      'http.response.status_code': statusCode,
      ...(statusCode >= 500 && { 'error.type': String(statusCode) }),
    });
  });
  // Nobody is there to be answered any more.
  app.addHook('onRequestAbort', async ({ span }) => {
    span?.end({ 'error.type': 'aborted' });
  });
}
