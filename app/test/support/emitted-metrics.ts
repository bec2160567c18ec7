/** A metric that CloudWatch extracts from a log line. */
export interface EmittedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  /** The comma-separated names of its dimensions. */
  readonly dimensions: string;
}

interface EmbeddedLine {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
  readonly [field: string]: unknown;
}

/**
 * Returns the distinct metrics that CloudWatch extracts from these lines, sorted.
 *
 * @throws when a line declares a metric without its value, or another environment than this one
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function emittedMetrics(lines: readonly string[], environmentName: string): EmittedMetric[] {
  const found = lines
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as EmbeddedLine)
    .flatMap((line) =>
      (line._aws?.CloudWatchMetrics ?? []).flatMap(({ Namespace, Dimensions, Metrics }) =>
        Dimensions.flatMap((dimensions) =>
          Metrics.map(({ Name, Unit }) => {
            if (line[Name] === undefined) throw new Error(`A line declares ${Name} without a value.`);
            if (line['Environment'] !== environmentName) throw new Error(`${Name} is of another environment.`);
            return { namespace: Namespace, name: Name, unit: Unit, dimensions: dimensions.join() };
          }),
        ),
      ),
    );
  return [...new Map(found.map((metric) => [JSON.stringify(metric), metric])).values()].sort((one, other) =>
    one.name.localeCompare(other.name, 'en'),
  );
}
