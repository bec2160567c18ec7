import { type ExportResult, ExportResultCode, hrTimeToMilliseconds } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  BatchSpanProcessor,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanExporter,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { TracingEnvironment } from './tracing-environment.ts';

const exportMilliseconds = 2000;

/** Where spans go that have ended: to the collector beside the process, in batches, or into the log. */
export function spanProcessor({ exporter, port }: TracingEnvironment, logger: Logger): SpanProcessor {
  if (exporter === 'console') return new SimpleSpanProcessor({ exporter: new LogExporter(logger) });
  const collector = new OTLPTraceExporter({
    url: `http://127.0.0.1:${port}/v1/traces`,
    timeoutMillis: exportMilliseconds,
  });
  // What the collector does not take waits in a bounded queue, and is dropped when that is full: no request waits for it.
  return new BatchSpanProcessor({
    exporter: new ReportingExporter(collector, logger),
    exportTimeoutMillis: exportMilliseconds,
  });
}

/** Says once when spans cannot be delivered, and once when they can be again; not for each batch. */
class ReportingExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #logger: Logger;
  #failing = false;

  constructor(inner: SpanExporter, logger: Logger) {
    this.#inner = inner;
    this.#logger = logger;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#inner.export(spans, (result) => {
      this.#report(result);
      // For the processor, which would report each failure, there is none.
      done({ code: ExportResultCode.SUCCESS });
    });
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  #report({ code, error }: ExportResult): void {
    const failing = code === ExportResultCode.FAILED;
    if (failing === this.#failing) return;
    this.#failing = failing;
    if (failing) this.#logger.warn({ err: error }, 'trace export failed; requests are not affected');
    else this.#logger.info('trace export recovered');
  }
}

/** Writes each span as a line of the log. */
class LogExporter implements SpanExporter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    for (const { name, attributes, duration, parentSpanContext, spanContext } of spans.map(readable)) {
      const { traceId, spanId } = spanContext;
      const parentSpanId = parentSpanContext?.spanId;
      const durationMilliseconds = Math.round(hrTimeToMilliseconds(duration) * 10) / 10;
      this.#logger.info({ traceId, spanId, parentSpanId, name, durationMilliseconds, ...attributes }, 'span');
    }
    done({ code: ExportResultCode.SUCCESS });
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }
}

function readable(span: ReadableSpan) {
  const { name, attributes, duration, parentSpanContext } = span;
  return { name, attributes, duration, parentSpanContext, spanContext: span.spanContext() };
}
