import type { VariableReader } from '../variable-reader.ts';

/** The tracing settings. */
export interface TracingEnvironment {
  /** `otlp`: spans go to a collector on 127.0.0.1, in the same task. `console`: into the log. */
  readonly exporter: 'off' | 'otlp' | 'console';
  /** The share of requests that is traced until sampling rules are available. */
  readonly samplePercent: number;
  /** The OTLP/HTTP port of the collector. */
  readonly port: number;
  /** The port of the collector's X-Ray proxy. `undefined`: no sampling rules. */
  readonly samplingPort: number | undefined;
}

/** The tracing variables and their defaults. */
export const tracingDefaults = {
  TRACING: 'off',
  TRACING_SAMPLE_PERCENT: '10',
  TRACING_PORT: '4318',
  TRACING_SAMPLING_PORT: undefined,
} as const;

/** Reads the tracing variables. */
export function readTracingEnvironment(
  reader: VariableReader<never, keyof typeof tracingDefaults>,
): TracingEnvironment {
  const withRules = reader.optional('TRACING_SAMPLING_PORT') !== undefined;
  return {
    exporter: reader.oneOf('TRACING', ['off', 'otlp', 'console']),
    samplePercent: reader.integer('TRACING_SAMPLE_PERCENT', 1, 100),
    port: reader.integer('TRACING_PORT', 1, 65535),
    samplingPort: withRules ? reader.integer('TRACING_SAMPLING_PORT', 1, 65535) : undefined,
  };
}
