/** @see https://opentelemetry.io/docs/concepts/signals/traces/#span-kind */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';

/** Route patterns, names and numbers, but no data of clients. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** A span. It is passed as a parameter, like the correlation id. If tracing is off, it is `undefined`. */
export interface TraceSpan {
  /** The trace context to propagate, in the format of `X-Amzn-Trace-Id`. */
  readonly header: string;
  /** Starts a child span. */
  startChild(name: string, kind: SpanKind): TraceSpan;
  /** Ends the span. @param attributes with `error.type`, the span has the status error */
  end(attributes?: SpanAttributes): void;
}

/** A span whose parent may be in another process. */
export interface SpanOptions {
  readonly name: string;
  readonly kind: SpanKind;
  /** The headers with the parent's trace context: `x-amzn-trace-id` and `traceparent`. */
  readonly cause: Readonly<Record<string, string | string[] | undefined>>;
  readonly correlationId: string;
}

/** Creates spans and exports them. */
export interface Tracing {
  /** Starts a span. */
  startSpan(options: SpanOptions): TraceSpan;
  /** Exports the ended spans; gives up after two seconds. */
  stop(): Promise<void>;
}

/** Runs `work` in a child span, if `span` is defined. */
export function withChildSpan<T>(
  span: TraceSpan | undefined,
  name: string,
  work: (part: TraceSpan | undefined) => Promise<T>,
): Promise<T> {
  return span ? withSpan(span.startChild(name, 'client'), work) : work(undefined);
}

/** Runs `work` and ends `span` with its result. A failed span contains the name of the error only, because messages may contain data. */
export async function withSpan<T>(span: TraceSpan, work: (span: TraceSpan) => Promise<T>): Promise<T> {
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (error) {
    span.end({ 'error.type': error instanceof Error ? error.name : 'unknown' });
    throw error;
  }
}
