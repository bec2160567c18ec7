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

/** Creates the processor of ended spans: batches for the OTLP collector of the task, or lines in the log. */
export function spanProcessor({ exporter, port }: TracingEnvironment, logger: Logger): SpanProcessor {
  if (exporter === 'console') return new SimpleSpanProcessor({ exporter: new LogExporter(logger) });
  const collector = new OTLPTraceExporter({
    url: `http://127.0.0.1:${port}/v1/traces`,
    timeoutMillis: exportMilliseconds,
  });
  // Spans wait in a bounded queue and are dropped when it is full, so requests never wait for the collector.
  return new BatchSpanProcessor({
    exporter: new ReportingExporter(collector, logger),
    exportTimeoutMillis: exportMilliseconds,
  });
}

/** Logs the first failed export and the first success after it, instead of every failed batch. */
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
      // The processor would log every failure.
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

/** Logs each span. */
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
