import type { TraceSpan, Tracing } from '../telemetry/tracing.ts';
import type { OutboxEvent, OutboxTransport } from './outbox-event.ts';

/** Makes each delivery a part of the trace of the request that caused the event, and what the consumer does a part of the delivery. */
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
  return tracing.begin({ name: `deliver ${type}`, kind: 'producer', cause: causeOf(traceHeader), correlationId });
}

/** What an event says of its place in a trace, as a request would say it. */
export function causeOf(traceHeader: string | null): Readonly<Record<string, string>> {
  return traceHeader === null ? {} : { 'x-amzn-trace-id': traceHeader };
}
