/** The value that a share of all values does not exceed; `NaN` of nothing. @param share from 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** The middle of all values, or the mean of the two in the middle. */
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

/** One measurement, and how much of the machine others used meanwhile. */
export interface Sample {
  /** From 0 to 1, of all cores together. */
  readonly foreignShare: number;
}

/** How samples are taken. */
export interface Sampling {
  /** How many are wanted that nobody has spoilt. */
  readonly wanted: number;
  /** How much of the machine others may use, from 0 to 1. */
  readonly mostForeignShare: number;
}

/** Samples that were taken. */
export interface Sampled<S extends Sample> {
  readonly all: readonly S[];
  /** Those that others have not spoilt; where there are none, all. */
  readonly counted: readonly S[];
  /** What has to be said beside any figure of them. */
  readonly note: string;
}

/** Takes samples until there are enough that nobody has spoilt; but not for ever: at most three times as many as are wanted. */
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
