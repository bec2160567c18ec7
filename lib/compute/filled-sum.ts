/** The expression that adds metrics, each counted as 0 where it has no data, by their ids in `usingMetrics`. */
export function filledSum(metrics: Readonly<Record<string, unknown>>): string {
  return Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
}
