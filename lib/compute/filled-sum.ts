/** A metric math expression that adds metrics by their ids in `usingMetrics`. Missing data counts as 0. */
export function filledSum(metrics: Readonly<Record<string, unknown>>): string {
  return Object.keys(metrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
}
