import type { FastifyInstance } from 'fastify';
import type { TraceSpan, Tracing } from '../telemetry/tracing.ts';
import { isProbe } from './probes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The span of the request; `undefined` if tracing is off, and for health checks. */
    span?: TraceSpan | undefined;
  }
}

/** Creates a span for each request, in the trace of its headers or a new one. */
export function traceRequests(app: FastifyInstance, tracing: Tracing): void {
  app.decorateRequest('span', undefined);
  app.addHook('onRequest', async (request) => {
    const { method, headers, id, routeOptions } = request;
    // The route pattern, because a path may contain sensitive data.
    const { url: route = 'unknown' } = routeOptions;
    if (isProbe(route)) return;
    request.span = tracing.startSpan({ name: `${method} ${route}`, kind: 'server', cause: headers, correlationId: id });
  });
  app.addHook('onResponse', async ({ span, method, routeOptions }, { statusCode }) => {
    span?.end({
      'http.request.method': method,
      'http.route': routeOptions.url ?? 'unknown',
      'http.response.status_code': statusCode,
      ...(statusCode >= 500 && { 'error.type': String(statusCode) }),
    });
  });
  // The client closed the connection.
  app.addHook('onRequestAbort', async ({ span }) => {
    span?.end({ 'error.type': 'aborted' });
  });
}
