import type { TraceSpan, Tracing } from '../telemetry/tracing.ts';
import type { OutboxEvent, OutboxTransport } from './outbox-event.ts';

/** Wraps a transport with a producer span per event, in the trace of the request that caused it. The consumer's span is its child. */
export function tracedTransport(transport: OutboxTransport, tracing: Tracing): OutboxTransport {
  return {
    async deliver(events) {
      const spans = new Map(events.map((event) => [event.id, beginDelivery(tracing, event)]));
      let delivered: readonly string[] = [];
      try {
        delivered = await transport.deliver(
          events.map((event) => ({ ...event, traceHeader: spans.get(event.id)?.header ?? null })),
        );
        return delivered;
      } finally {
        for (const [id, span] of spans) span.end(delivered.includes(id) ? {} : { 'error.type': 'NotDelivered' });
      }
    },
  };
}

function beginDelivery(tracing: Tracing, { type, correlationId, traceHeader }: OutboxEvent): TraceSpan {
  return tracing.startSpan({
    name: `deliver ${type}`,
    kind: 'producer',
    cause: traceHeadersOf(traceHeader),
    correlationId,
  });
}

/** The trace context of an event as HTTP headers. */
export function traceHeadersOf(traceHeader: string | null): Readonly<Record<string, string>> {
  return traceHeader === null ? {} : { 'x-amzn-trace-id': traceHeader };
}
