import type { BusinessMetricName, MetricsNamespace } from '../../src/telemetry/metric-names.ts';
import { type Clause, whenItServes } from '../clause.ts';
import type { StartedTarget } from '../target.ts';
import { failed, passed } from '../verdict.ts';

type Line = Readonly<Record<string, unknown>>;

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;
const namespace: MetricsNamespace = 'PaymentPlatform';
/** The metric of every request. The others require payments. */
const requestMetric: BusinessMetricName = 'RequestDuration';

/** Parses a line; `undefined` when it is not a JSON object. */
function parse(line: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the problem of a log line. Lines in the embedded metric format have other rules. */
function flawOf(text: string): string | undefined {
  const line = parse(text);
  if (!line) return 'no JSON object';
  if ('_aws' in line) return undefined;
  const { level, time, message } = line;
  if (!levels.includes(String(level))) return `level ${String(level)}`;
  if (typeof time !== 'string' || !isoTime.test(time)) return `time ${String(time)}`;
  return typeof message === 'string' ? undefined : 'no message';
}

/** The complete log, until the process has exited. */
async function logOf(started: StartedTarget): Promise<readonly string[]> {
  await started.ending();
  return started.process.stdout.filter((line) => line.trim() !== '');
}

function isRequestMetric(line: Line, environmentName: string): boolean {
  const { CloudWatchMetrics: directives } = (line['_aws'] ?? {}) as { CloudWatchMetrics?: unknown };
  if (!Array.isArray(directives) || line['Environment'] !== environmentName || line[requestMetric] === undefined)
    return false;
  return directives.some((directive) => {
    const { Namespace, Dimensions, Metrics } = directive as Record<string, unknown>;
    return (
      Namespace === namespace &&
      JSON.stringify(Dimensions) === '[["Environment"]]' &&
      Array.isArray(Metrics) &&
      Metrics.some((metric: { Name?: unknown }) => metric.Name === requestMetric)
    );
  });
}

export const logs: readonly Clause[] = [
  {
    clause: 21,
    title: 'Logs to standard output, one JSON object a line with level, time and message',
    check: whenItServes(async (started) => {
      const lines = await logOf(started);
      if (lines.length === 0) return failed('log lines on standard output', 'none');
      const wrong = lines.find((line) => flawOf(line) !== undefined);
      return wrong === undefined
        ? passed()
        : failed(`level (${levels.join(', ')}), time (ISO 8601) and message`, `${flawOf(wrong) ?? ''} in ${wrong}`);
    }),
  },
  {
    clause: 22,
    title: 'Logs the correlation id of a request as correlationId',
    check: whenItServes(async (started) => {
      const { sent, generated } = await started.correlation();
      const logged = (await logOf(started)).map((line) => parse(line)?.['correlationId']);
      // Clause 15 checks responses without an id.
      const missing = [sent, ...generated].filter(Boolean).find((id) => !logged.includes(id));
      return missing === undefined ? passed() : failed(`a line with correlationId ${missing}`, 'none');
    }),
  },
  {
    clause: 23,
    title: 'Logs no Authorization value, no cookie and no card number',
    check: whenItServes(async (started) => {
      await logOf(started);
      const names = ['Authorization value', 'cookie', 'card number'];
      const logged = names.filter((_, index) => started.process.output.includes(started.secrets[index] ?? '-'));
      const line = started.process.output
        .split('\n')
        .find((each) => started.secrets.some((secret) => each.includes(secret)));
      return logged.length === 0 ? passed() : failed('none of them', `${logged.join(' and ')} in ${line ?? ''}`);
    }),
  },
  {
    clause: 24,
    title: 'Writes its metrics among its log lines',
    check: whenItServes(async (started) => {
      const { ENVIRONMENT_NAME: environmentName = '' } = started.settings.service.environment;
      const found = (await logOf(started)).some((line) => isRequestMetric(parse(line) ?? {}, environmentName));
      return found
        ? passed()
        : failed(
            `${requestMetric} of ${namespace} for Environment=${environmentName}, in embedded metric format`,
            'none',
          );
    }),
  },
];
