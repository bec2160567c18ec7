/** The rule of a composite alarm over alarms of type `A`. */
export interface CompositeRule<A> {
  readonly children: readonly A[];
  /** Whether it holds while exactly these alarms are in ALARM. */
  readonly holds: (firing: ReadonlySet<A>) => boolean;
}

/**
 * Reads `(ALARM("a") AND ALARM("b")) OR ALARM("c")`.
 *
 * @throws when the rule has other terms, mixes AND and OR without parentheses, or refers to an alarm that `alarmOf` does not know
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function readCompositeRule<A>(text: string, alarmOf: (reference: string) => A | undefined): CompositeRule<A> {
  const tokens = text.match(/ALARM\("[^"]*"\)|AND|OR|[()]|\S+/g) ?? [];
  const children: A[] = [];
  const refuse = (): never => {
    throw new Error(`'${text}' is no rule of ALARM, AND and OR with parentheses.`);
  };
  const term = (): CompositeRule<A>['holds'] => {
    const token = tokens.shift();
    if (token === '(') {
      const inner = operation();
      return tokens.shift() === ')' ? inner : refuse();
    }
    const [, reference] = /^ALARM\("(.*)"\)$/.exec(token ?? '') ?? [];
    if (reference === undefined) return refuse();
    const alarm = alarmOf(reference);
    if (alarm === undefined) throw new Error(`The rule names '${reference}', which is no alarm of the templates.`);
    children.push(alarm);
    return (firing) => firing.has(alarm);
  };
  const operation = (): CompositeRule<A>['holds'] => {
    const terms = [term()];
    const [operator] = tokens;
    if (operator !== 'AND' && operator !== 'OR') return (firing) => terms.every((each) => each(firing));
    while (tokens[0] === operator) {
      tokens.shift();
      terms.push(term());
    }
    return operator === 'AND'
      ? (firing) => terms.every((each) => each(firing))
      : (firing) => terms.some((each) => each(firing));
  };
  const holds = operation();
  return tokens.length === 0 ? { children, holds } : refuse();
}
