/** Applies a function to each value of an object. */
export function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>> | object,
  change: (value: Value, name: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value as Value, name)]));
}
