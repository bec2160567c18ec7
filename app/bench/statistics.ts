/** A percentile; `NaN` without values. @param share from 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** The median. */
export function median(values: readonly number[]): number {
  return (
    (percentile(values, 0.5) +
      -percentile(
        values.map((value) => -value),
        0.5,
      )) /
    2
  );
}

/** A measurement, and the CPU share of other processes. */
export interface Sample {
  /** From 0 to 1, of all cores. */
  readonly foreignShare: number;
}

/** The sampling parameters. */
export interface Sampling {
  /** The number of undisturbed samples. */
  readonly wanted: number;
  /** The maximum CPU share of other processes, from 0 to 1. */
  readonly mostForeignShare: number;
}

/** The samples. */
export interface Sampled<S extends Sample> {
  readonly all: readonly S[];
  /** The undisturbed samples; all if there are none. */
  readonly counted: readonly S[];
  /** A note about disturbed samples for the report. */
  readonly note: string;
}

/** Takes samples until there are enough undisturbed ones, but at most three times as many as wanted. */
export async function sampleUntil<S extends Sample>(
  { wanted, mostForeignShare }: Sampling,
  take: () => Promise<S>,
): Promise<Sampled<S>> {
  const all: S[] = [];
  const undisturbed = () => all.filter(({ foreignShare }) => foreignShare <= mostForeignShare);
  while (undisturbed().length < wanted && all.length < wanted * 3) all.push(await take());
  const kept = undisturbed();
  const counted = kept.length > 0 ? kept : all;
  if (kept.length < wanted) {
    return { all, counted, note: `ONLY ${kept.length} OF ${all.length} WERE UNDISTURBED: this says little` };
  }
  return { all, counted, note: `${all.length - kept.length} put aside because others used the machine` };
}
