import { drillMetrics } from './restore-drill-contract';

/** The figures of a drill. */
type DrillMetric = Exclude<keyof typeof drillMetrics, 'namespace'>;

const units: Readonly<Record<DrillMetric, 'Count' | 'Seconds'>> = {
  passed: 'Count',
  seconds: 'Seconds',
  leftOver: 'Count',
};

/**
 * Writes figures into the log, where CloudWatch makes metrics of them.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetrics(environmentName: string, values: Partial<Record<DrillMetric, number>>): void {
  const given = Object.entries(values) as [DrillMetric, number][];
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: drillMetrics.namespace,
          Dimensions: [['Environment']],
          Metrics: given.map(([metric]) => ({ Name: drillMetrics[metric], Unit: units[metric] })),
        },
      ],
    },
    Environment: environmentName,
    ...Object.fromEntries(given.map(([metric, value]) => [drillMetrics[metric], value])),
  };
  // Not by console.log, which Lambda prefixes: the line must be JSON from its beginning.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
