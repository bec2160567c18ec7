/** The port of the proxy through which the API reads X-Ray sampling rules. */
export const samplingPort = 2000;

/** The default port of OTLP over HTTP. */
const spanPort = 4318;

/**
 * The configuration of the collector: it receives spans on loopback and sends them to X-Ray in batches.
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
    // The only indexed attribute, so that X-Ray finds traces by correlation id.
    exporters: { awsxray: { indexed_attributes: ['correlationId'] } },
    service: {
      extensions: ['awsproxy'],
      pipelines: { traces: { receivers: ['otlp'], processors: ['memory_limiter', 'batch'], exporters: ['awsxray'] } },
      telemetry: { logs: { level: 'warn' }, metrics: { level: 'none' } },
    },
  } as const;
}
