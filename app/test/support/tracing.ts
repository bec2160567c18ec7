import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { TracingEnvironment } from '../../src/telemetry/tracing-environment.ts';
import { startTracing } from '../../src/telemetry/start-tracing.ts';
import type { Tracing } from '../../src/telemetry/tracing.ts';

/** A span in the log. */
export interface LoggedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly correlationId: string;
  readonly [attribute: string]: unknown;
}

/** Tracing with recorded spans. */
export interface RecordedTracing {
  readonly tracing: Tracing;
  /** The ended spans, in order. */
  spans(): LoggedSpan[];
}

/** Starts tracing that samples every request, with the given changes. */
export async function recordTraces(changes: Partial<TracingEnvironment> = {}): Promise<RecordedTracing> {
  const lines: string[] = [];
  const logger = pino({ messageKey: 'message' }, { write: (line: string) => lines.push(line) });
  const environment = {
    exporter: 'console',
    samplePercent: 100,
    port: 4318,
    samplingPort: undefined,
    ...changes,
  } as const;
  const tracing = await startTracing(environment, 'test', logger);
  if (!tracing) throw new Error('Tracing is off.');
  return {
    tracing,
    spans: () =>
      lines
        .map((line) => JSON.parse(line) as LoggedSpan & { message: string })
        .filter(({ message }) => message === 'span'),
  };
}

/** Creates a span with the parent of these headers, ends it and returns its trace header. */
export function follow({ tracing }: RecordedTracing, cause: Readonly<Record<string, string>> = {}): string {
  const span = tracing.startSpan({ name: 'work', kind: 'server', cause, correlationId: 'order-4711' });
  span.end();
  return span.header;
}

/** Starts tracing and stops it after the test. */
export async function recordTracesOfTest(changes: Partial<TracingEnvironment> = {}): Promise<RecordedTracing> {
  const recorded = await recordTraces(changes);
  onTestFinished(() => recorded.tracing.stop());
  return recorded;
}
