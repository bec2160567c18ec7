import { restoreDrillMetrics } from './restore-drill-contract';

/** Metric values of a drill. */
type RestoreDrillMetric = Exclude<keyof typeof restoreDrillMetrics, 'namespace'>;

const units: Readonly<Record<RestoreDrillMetric, 'Count' | 'Seconds'>> = {
  passed: 'Count',
  seconds: 'Seconds',
  leftOver: 'Count',
};

/**
 * Logs metric values in the embedded metric format.
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
  // Not console.log, which prefixes the line in Lambda. CloudWatch requires pure JSON.
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
