/** A pattern as IAM writes it: `*` is any run of characters, `?` is any one character. */
export type Glob = string;

/** Whether `text` matches `glob`; wildcards within `text` are ordinary characters. */
export function globMatches(glob: Glob, text: string): boolean {
  const expression = expressions.get(glob) ?? expressionOf(glob);
  expressions.set(glob, expression);
  return expression.test(text);
}

const expressions = new Map<Glob, RegExp>();

function expressionOf(glob: Glob): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 's');
}

/** Whether any text matches both patterns. */
export function globsIntersect(first: Glob, second: Glob): boolean {
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = i * (second.length + 1) + j;
    const answer = known.get(key) ?? compare(i, j);
    known.set(key, answer);
    return answer;
  };
  const compare = (i: number, j: number): boolean => {
    const [a, b] = [first[i], second[j]];
    if (a === undefined && b === undefined) return true;
    if (a === '*') return from(i + 1, j) || (b !== undefined && from(i, j + 1));
    if (b === '*') return from(i, j + 1) || (a !== undefined && from(i + 1, j));
    if (a === undefined || b === undefined) return false;
    return (a === b || a === '?' || b === '?') && from(i + 1, j + 1);
  };
  return from(0, 0);
}
