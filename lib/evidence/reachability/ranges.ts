/** Whole numbers from first to last, both included. */
export type Range = readonly [first: bigint, last: bigint];

/** The numbers that both ranges contain; `undefined` if there are none. */
export function overlap(left: Range, right: Range): Range | undefined {
  const [range] = unlessEmpty([larger(left[0], right[0]), smaller(left[1], right[1])]);
  return range;
}

/** The numbers of `ranges` that no range of `cuts` contains. */
export function subtractRanges(ranges: readonly Range[], cuts: readonly Range[]): Range[] {
  return cuts.reduce<Range[]>(
    (rest, [first, last]) =>
      rest.flatMap(([low, high]) => [
        ...unlessEmpty([low, smaller(high, first - 1n)]),
        ...unlessEmpty([larger(low, last + 1n), high]),
      ]),
    [...ranges],
  );
}

/** The same numbers in as few ranges as possible, in ascending order. */
export function mergeRanges(ranges: readonly Range[]): Range[] {
  const ascending = [...ranges].sort(([left], [right]) => (left < right ? -1 : Number(left > right)));
  return ascending.reduce<Range[]>((merged, [first, last]) => {
    const previous = merged.at(-1);
    if (!previous || first > previous[1] + 1n) return [...merged, [first, last]];
    return [...merged.slice(0, -1), [previous[0], larger(last, previous[1])]];
  }, []);
}

const unlessEmpty = (range: Range): Range[] => (range[0] <= range[1] ? [range] : []);
const smaller = (left: bigint, right: bigint) => (left < right ? left : right);
const larger = (left: bigint, right: bigint) => (left > right ? left : right);
