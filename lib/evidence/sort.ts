/** Compares by UTF-16 code unit, so that the order is the same in every locale. */
export function byCodeUnit<T>(textOf: (item: T) => string): (left: T, right: T) => number {
  return (left, right) => {
    const [first, second] = [textOf(left), textOf(right)];
    return first < second ? -1 : Number(first > second);
  };
}
