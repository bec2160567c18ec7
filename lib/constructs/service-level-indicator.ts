import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * Counts the events of a window, and how many of them were bad, for a service level objective.
 *
 * The ids of its metrics are unique among all indicators, so that one graph can show several.
 */
export interface ServiceLevelIndicator {
  /** A metric math expression over `metrics`. Never missing. */
  readonly badEvents: string;
  /** A metric math expression over `metrics`. Never missing. */
  readonly events: string;
  /** By id. An alarm replaces their period by its window. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** An indicator over measurements, of which those above `limit` are bad. `id` distinguishes its metrics. */
export function shareAbove(id: string, metric: Metric, limit: number): ServiceLevelIndicator {
  const [count, within] = [`${id}Count`, `${id}Within`];
  return {
    events: `FILL(${count}, 0)`,
    // The percentile rank is the percentage of measurements up to the limit. A window without any has none.
    badEvents: `FILL(${count}, 0) * (100 - FILL(${within}, 100)) / 100`,
    metrics: {
      [count]: metric.with({ statistic: 'SampleCount' }),
      [within]: metric.with({ statistic: `PR(:${limit})` }),
    },
  };
}
