import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind as OpenTelemetryKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { CompositePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { AWSXRayIdGenerator } from '@opentelemetry/id-generator-aws-xray';
import { AWSXRAY_TRACE_ID_HEADER, AWSXRayPropagator } from '@opentelemetry/propagator-aws-xray';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { ParentBasedSampler, type Sampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { TracingEnvironment } from './tracing-environment.ts';
import { XRayRulesSampler } from './sampling-rules.ts';
import { spanProcessor } from './span-processor.ts';
import type { SpanAttributes, SpanKind, SpanOptions, TraceSpan, Tracing } from './tracing.ts';

const kinds: Readonly<Record<SpanKind, OpenTelemetryKind>> = {
  server: OpenTelemetryKind.SERVER,
  client: OpenTelemetryKind.CLIENT,
  producer: OpenTelemetryKind.PRODUCER,
  consumer: OpenTelemetryKind.CONSUMER,
};

const xray = new AWSXRayPropagator();
/** If a request has both headers, `X-Amzn-Trace-Id` takes precedence, because API Gateway sets it and the client sets `traceparent`. */
const propagator = new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), xray] });

/** The maximum delay of the shutdown by spans that are not exported yet. */
const flushMilliseconds = 2000;

/**
 * Tracing with OpenTelemetry, X-Ray trace ids and X-Ray sampling rules.
 *
 * Spans are created manually, because automatic instrumentation patches modules, which do not exist in a bundle.
 *
 * @see https://docs.aws.amazon.com/xray/latest/devguide/xray-opentelemetry.html
 */
export function openTelemetry(environment: TracingEnvironment, environmentName: string, logger: Logger): Tracing {
  const resource = resourceFromAttributes({
    'service.name': `payments-api-${environmentName}`,
    'cloud.provider': 'aws',
    'cloud.platform': 'aws_ecs',
  });
  const { samplePercent, samplingPort } = environment;
  const share = new TraceIdRatioBasedSampler(samplePercent / 100);
  const rules =
    samplingPort === undefined ? undefined : new XRayRulesSampler(`http://127.0.0.1:${samplingPort}`, resource, share);
  const provider = new TracerProvider({
    resource,
    // Follow the sampling decision of the parent, so that traces are complete.
    sampler: new ParentBasedSampler({ root: (rules ?? share) satisfies Sampler }),
    idGenerator: new AWSXRayIdGenerator(),
    spanProcessors: [spanProcessor(environment, logger)],
  });
  const tracer = provider.getTracer('payments');
  return {
    startSpan({ name, kind, cause, correlationId }: SpanOptions) {
      const context = propagator.extract(ROOT_CONTEXT, cause, defaultTextMapGetter);
      return startSpanIn(tracer, context, name, kind, { correlationId });
    },
    async stop() {
      rules?.stop();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => {
        timer = setTimeout(resolve, flushMilliseconds);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

function startSpanIn(tracer: Tracer, cause: Context, name: string, kind: SpanKind, inherited: Attributes): TraceSpan {
  const span = tracer.startSpan(name, { kind: kinds[kind], attributes: inherited }, cause);
  const context = trace.setSpan(cause, span);
  return {
    header: headerOf(context),
    startChild: (part, partKind) => startSpanIn(tracer, context, part, partKind, inherited),
    end(attributes) {
      endSpan(span, attributes);
    },
  };
}

function endSpan(span: Span, attributes: SpanAttributes = {}): void {
  span.setAttributes(attributes);
  if ('error.type' in attributes) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

function headerOf(context: Context): string {
  const carrier: Record<string, string> = {};
  xray.inject(context, carrier, defaultTextMapSetter);
  return carrier[AWSXRAY_TRACE_ID_HEADER] ?? '';
}
