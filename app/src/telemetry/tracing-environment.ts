import type { VariableReader } from '../variable-reader.ts';

/** Whether requests are followed through the processes that take part in them, and how many of them. */
export interface TracingEnvironment {
  /** `otlp`: spans go to a collector on 127.0.0.1, in the same task. `console`: into the log. */
  readonly exporter: 'off' | 'otlp' | 'console';
  /** The share of requests that is followed while no sampling rules are known, in percent. */
  readonly samplePercent: number;
  /** Where the collector takes spans, by OTLP over HTTP. */
  readonly port: number;
  /** Where the collector passes on what is asked of X-Ray; without it there are no sampling rules. */
  readonly samplingPort: number | undefined;
}

/** The variables of tracing, and what they are where nobody sets them. */
export const tracingDefaults = {
  TRACING: 'off',
  TRACING_SAMPLE_PERCENT: '10',
  TRACING_PORT: '4318',
  TRACING_SAMPLING_PORT: undefined,
} as const;

/** Reads them. */
export function tracingOf(reader: VariableReader<never, keyof typeof tracingDefaults>): TracingEnvironment {
  const withRules = reader.maybe('TRACING_SAMPLING_PORT') !== undefined;
  return {
    exporter: reader.oneOf('TRACING', ['off', 'otlp', 'console']),
    samplePercent: reader.whole('TRACING_SAMPLE_PERCENT', 1, 100),
    port: reader.whole('TRACING_PORT', 1, 65535),
    samplingPort: withRules ? reader.whole('TRACING_SAMPLING_PORT', 1, 65535) : undefined,
  };
}
