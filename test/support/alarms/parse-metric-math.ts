/** A part of an expression. */
export type Term =
  | { readonly number: number }
  | { readonly id: string }
  | { readonly call: string; readonly args: readonly Term[] }
  | { readonly operator: string; readonly left: Term; readonly right: Term };

/** Binary operators, the weakest first. */
const precedence = [
  ['OR', '||'],
  ['AND', '&&'],
  ['==', '!=', '<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/'],
];

const token = /\s*([a-z][A-Za-z0-9_]*|[A-Z_]+|\d+(?:\.\d+)?|==|!=|<=|>=|&&|\|\||[-+*/<>(),])/y;

/** Parses a metric math expression. @throws with the position of what it does not understand */
export function parseMetricMath(expression: string): Term {
  const tokens = tokenize(expression);
  let next = 0;
  const expect = (wanted: string) => {
    if (tokens[next] !== wanted) {
      throw new Error(`'${expression}': expected '${wanted}', found '${tokens[next] ?? 'the end'}'.`);
    }
    next += 1;
  };
  const binary = (level: number): Term => {
    const operators = precedence[level];
    if (!operators) return primary();
    let left = binary(level + 1);
    for (let operator = tokens[next]; operator !== undefined && operators.includes(operator); operator = tokens[next]) {
      next += 1;
      left = { operator, left, right: binary(level + 1) };
    }
    return left;
  };
  const primary = (): Term => {
    const found = tokens[next];
    if (found === undefined) throw new Error(`'${expression}' ends too early.`);
    next += 1;
    if (found === '(') {
      const inner = binary(0);
      expect(')');
      return inner;
    }
    if (found === '-') return { operator: '-', left: { number: 0 }, right: primary() };
    if (/^\d/.test(found)) return { number: Number(found) };
    if (/^[a-z]/.test(found)) return { id: found };
    expect('(');
    const args = [binary(0)];
    while (tokens[next] === ',') {
      next += 1;
      args.push(binary(0));
    }
    expect(')');
    return { call: found, args };
  };
  const term = binary(0);
  if (next < tokens.length) throw new Error(`'${expression}': unexpected '${tokens[next] ?? ''}'.`);
  return term;
}

function tokenize(expression: string): string[] {
  const found: string[] = [];
  const text = expression.trimEnd();
  token.lastIndex = 0;
  for (let position = 0; position < text.length; position = token.lastIndex) {
    const [, value] = token.exec(text) ?? [];
    if (value === undefined) throw new Error(`'${expression}': cannot read '${text.slice(position)}'.`);
    found.push(value);
  }
  return found;
}
