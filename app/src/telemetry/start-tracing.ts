import type { Logger } from 'pino';
import type { Tracing } from './tracing.ts';
import type { TracingEnvironment } from './tracing-environment.ts';

/** Starts tracing. If it is off, returns `undefined` and does not load OpenTelemetry. */
export async function startTracing(
  environment: TracingEnvironment,
  environmentName: string,
  logger: Logger,
): Promise<Tracing | undefined> {
  if (environment.exporter === 'off') return undefined;
  const { openTelemetry } = await import('./open-telemetry.ts');
  return openTelemetry(environment, environmentName, logger);
}
