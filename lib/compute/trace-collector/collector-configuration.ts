/** Where the collector passes on what the API asks of X-Ray: its sampling rules. */
export const samplingPort = 2000;

/** Where the collector takes spans, by OTLP over HTTP; the port that OpenTelemetry has for it, and the API's default. */
const spanPort = 4318;

/**
 * What the collector does: spans from loopback, in batches, to X-Ray. It listens nowhere else.
 *
 * @see https://aws-otel.github.io/docs/getting-started/x-ray
 * @see https://aws-otel.github.io/docs/getting-started/remote-sampling
 */
export function collectorConfiguration(memoryMiB: number) {
  return {
    extensions: { awsproxy: { endpoint: `127.0.0.1:${samplingPort}` } },
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${spanPort}` } } } },
    processors: {
      memory_limiter: { check_interval: '1s', limit_mib: memoryMiB * 0.75, spike_limit_mib: memoryMiB * 0.25 },
      batch: { timeout: '1s' },
    },
    // Traces are found by the correlation id; X-Ray indexes no other attribute.
    exporters: { awsxray: { indexed_attributes: ['correlationId'] } },
    service: {
      extensions: ['awsproxy'],
      pipelines: { traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['awsxray'] } },
      telemetry: { logs: { level: 'warn' }, metrics: { level: 'none' } },
    },
  } as const;
}
