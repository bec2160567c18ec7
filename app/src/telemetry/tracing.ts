/** How a piece of work stands to what caused it. */
export type SpanKind = 'server' | 'client' | 'producer' | 'consumer';

/** What a span tells of itself: patterns, names and numbers, never what a client has sent. */
export type SpanAttributes = Readonly<Record<string, string | number>>;

/** One piece of work in a trace. Handed on as data, as the correlation id is; where tracing is off there is none. */
export interface TraceSpan {
  /** Its place in the trace, as `X-Amzn-Trace-Id` tells it to whoever works for it elsewhere. */
  readonly header: string;
  /** Begins a part of it. */
  begin(name: string, kind: SpanKind): TraceSpan;
  /** Ends it. @param attributes `error.type` among them marks it as failed */
  end(attributes?: SpanAttributes): void;
}

/** A piece of work that something outside the process has caused. */
export interface TracedWork {
  readonly name: string;
  readonly kind: SpanKind;
  /** Headers of what caused it: `x-amzn-trace-id` and `traceparent` are read. */
  readonly cause: Readonly<Record<string, string | string[] | undefined>>;
  readonly correlationId: string;
}

/** Follows pieces of work through the processes that take part in them. */
export interface Tracing {
  begin(work: TracedWork): TraceSpan;
  /** Delivers what has ended, for two seconds at most. */
  stop(): Promise<void>;
}

/** Does `work` as a part of `span`, where there is one. */
export function traced<T>(
  span: TraceSpan | undefined,
  name: string,
  work: (part: TraceSpan | undefined) => Promise<T>,
): Promise<T> {
  return span ? during(span.begin(name, 'client'), work) : work(undefined);
}

/** Does `work` until its span ends, which then knows whether it failed: by the kind of error only, because messages may hold anything. */
export async function during<T>(span: TraceSpan, work: (span: TraceSpan) => Promise<T>): Promise<T> {
  try {
    const result = await work(span);
    span.end();
    return result;
  } catch (error) {
    span.end({ 'error.type': error instanceof Error ? error.name : 'unknown' });
    throw error;
  }
}
