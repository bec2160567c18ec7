import { restoreDrillMetrics } from './restore-drill-contract';

/** The figures of a drill. */
type RestoreDrillMetric = Exclude<keyof typeof restoreDrillMetrics, 'namespace'>;

const units: Readonly<Record<RestoreDrillMetric, 'Count' | 'Seconds'>> = {
  passed: 'Count',
  seconds: 'Seconds',
  leftOver: 'Count',
};

/**
 * Writes figures into the log, where CloudWatch makes metrics of them.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function writeMetrics(environmentName: string, values: Partial<Record<RestoreDrillMetric, number>>): void {
  const given = Object.entries(values) as [RestoreDrillMetric, number][];
  const line = {
    _aws: {
      Timestamp: Date.now(),
      CloudWatchMetrics: [
        {
          Namespace: restoreDrillMetrics.namespace,
          Dimensions: [['Environment']],
          Metrics: given.map(([metric]) => ({ Name: restoreDrillMetrics[metric], Unit: units[metric] })),
        },
      ],
    },
    Environment: environmentName,
    ...Object.fromEntries(given.map(([metric, value]) => [restoreDrillMetrics[metric], value])),
  };
  // Not by console.log, which Lambda prefixes: the line must be JSON from its beginning.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
