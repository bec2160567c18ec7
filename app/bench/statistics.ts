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

/** What is left when those samples are put aside that others have spoilt. */
export interface Sifted<S extends Sample> {
  readonly kept: readonly S[];
  readonly discarded: number;
}

/** Puts aside the samples during which others used more of the machine than they may. */
export function sift<S extends Sample>(samples: readonly S[], mostForeignShare: number): Sifted<S> {
  const kept = samples.filter(({ foreignShare }) => foreignShare <= mostForeignShare);
  return { kept, discarded: samples.length - kept.length };
}
