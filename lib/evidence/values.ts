/** A reference to a resource of the same assembly: what `Ref` or `Fn::GetAtt` returns at deployment. */
export class Reference {
  /** Key of the resource: `STACK/LOGICAL-ID`. */
  readonly target: string;
  /** `Ref`, or the attribute that `Fn::GetAtt` names. */
  readonly attribute: string;

  constructor(target: string, attribute: string) {
    this.target = target;
    this.attribute = attribute;
  }
}

/** Text whose parts are partly known at deployment only. */
export class JoinedText {
  readonly parts: readonly (string | Reference | UnknownValue)[];

  constructor(parts: readonly (string | Reference | UnknownValue)[]) {
    this.parts = parts;
  }
}

/** A value that no template tells, such as a parameter without a default. */
export class UnknownValue {
  /** The expression of the template, for people: `Parameter AmiId`. */
  readonly expression: string;
  /** The values that it may have, such as both sides of `Fn::If`; empty if nothing is known. */
  readonly candidates: readonly unknown[];

  constructor(expression: string, candidates: readonly unknown[] = []) {
    this.expression = expression;
    this.candidates = candidates;
  }
}

type Atom = Reference | JoinedText | UnknownValue;

const isAtom = (value: unknown): value is Atom =>
  value instanceof Reference || value instanceof JoinedText || value instanceof UnknownValue;

/** An object of a template, but neither a list nor one of the classes above. */
export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isAtom(value);

/** Each reference in a value, at any depth, in the order of the template. */
export function referencesIn(value: unknown): Reference[] {
  if (value instanceof Reference) return [value];
  if (value instanceof JoinedText) return value.parts.flatMap(referencesIn);
  if (value instanceof UnknownValue) return value.candidates.flatMap(referencesIn);
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  return isRecord(value) ? Object.values(value).flatMap(referencesIn) : [];
}

/**
 * The value as text. References are written by `nameOf`.
 *
 * @param nameOf what a reference reads like. @default `STACK/LOGICAL-ID.ATTRIBUTE`, without the attribute `Ref`
 */
export function textOf(value: unknown, nameOf: (reference: Reference) => string = referenceText): string {
  if (value instanceof Reference) return nameOf(value);
  if (value instanceof JoinedText) return value.parts.map((part) => textOf(part, nameOf)).join('');
  if (value instanceof UnknownValue) return `(${value.expression})`;
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, inner: unknown) => (isAtom(inner) ? textOf(inner, nameOf) : inner));
}

function referenceText({ target, attribute }: Reference): string {
  return attribute === 'Ref' ? target : `${target}.${attribute}`;
}

/** Joins parts to text. Returns text if every part is known, and a lone part itself. */
export function joined(parts: readonly unknown[]): string | Reference | UnknownValue | JoinedText {
  const flat = parts
    .flatMap((part) => (part instanceof JoinedText ? part.parts : [atomOf(part)]))
    .filter((part) => part !== '');
  const merged = flat.reduce<(string | Reference | UnknownValue)[]>((list, part) => {
    const last = list.at(-1);
    return typeof part === 'string' && typeof last === 'string' ? [...list.slice(0, -1), last + part] : [...list, part];
  }, []);
  return merged.length <= 1 ? (merged[0] ?? '') : new JoinedText(merged);
}

function atomOf(part: unknown): string | Reference | UnknownValue {
  if (part instanceof Reference || part instanceof UnknownValue) return part;
  return textOf(part);
}
