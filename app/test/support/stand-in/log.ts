import { broken } from './broken.ts';

/** Writes a log line. */
export function log(level: string, message: string, fields: Readonly<Record<string, unknown>> = {}): void {
  const line = {
    level: broken('logs levels in upper case') ? level.toUpperCase() : level,
    time: broken('logs no time') ? undefined : new Date().toISOString(),
    message,
    ...fields,
  };
  console.log(JSON.stringify(line));
  if (broken('logs plain text')) console.log(`${level}: ${message}`);
}

/** Writes the metric of a request in the embedded metric format. */
export function writeMetric(): void {
  if (broken('writes no metrics')) return;
  const directive = {
    Namespace: 'PaymentPlatform',
    Dimensions: [['Environment']],
    Metrics: [{ Name: 'RequestDuration', Unit: 'Milliseconds' }],
  };
  const _aws = { Timestamp: Date.now(), CloudWatchMetrics: [directive] };
  console.log(JSON.stringify({ _aws, Environment: process.env['ENVIRONMENT_NAME'], RequestDuration: 1 }));
}
