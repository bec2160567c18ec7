/** One statement of a policy with every list a list. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Whether `actions` are those that the statement is not about. */
  readonly excludesActions: boolean;
  readonly resources: readonly string[];
  readonly excludesResources: boolean;
  /** `service:logs.amazonaws.com`, `aws:arn:…`, `*`; empty in identity policies. */
  readonly principals: readonly string[];
  readonly conditions: readonly (readonly [operator: string, key: string, values: readonly string[]])[];
}

/** A statement as policies have it, with values that are text. */
export interface RawStatement extends Readonly<Record<string, unknown>> {
  readonly Effect: 'Allow' | 'Deny';
}

/** The documents within a value, also where one is written as JSON text. */
export function documentsIn(value: unknown): RawStatement[][] {
  if (typeof value === 'string' && value.startsWith('{') && value.includes('"Statement"')) {
    return documentsIn(JSON.parse(value));
  }
  if (typeof value !== 'object' || value === null) return [];
  const statements = [(value as { Statement?: unknown }).Statement ?? []].flat() as RawStatement[];
  if (statements.some((each) => typeof each.Effect === 'string')) return [statements];
  return Object.values(value).flatMap(documentsIn);
}

/** Reads the statements of one document. */
export function statementsOf(document: readonly RawStatement[]): Statement[] {
  return document.map((raw) => ({
    sid: raw['Sid'] as string | undefined,
    effect: raw.Effect,
    actions: list(raw['Action'] ?? raw['NotAction']),
    excludesActions: raw['NotAction'] !== undefined,
    resources: list(raw['Resource'] ?? raw['NotResource']),
    excludesResources: raw['NotResource'] !== undefined,
    principals: principalsOf(raw['Principal']),
    conditions: Object.entries((raw['Condition'] ?? {}) as Record<string, Record<string, unknown>>).flatMap(
      ([operator, keys]) => Object.entries(keys).map(([key, wanted]) => [operator, key, list(wanted)] as const),
    ),
  }));
}

function principalsOf(principal: unknown): string[] {
  if (principal === undefined) return [];
  if (typeof principal === 'string') return [principal];
  return Object.entries(principal as Record<string, unknown>).flatMap(([type, names]) =>
    list(names).map((name) => (name === '*' ? '*' : `${type.toLowerCase()}:${name}`)),
  );
}

function list(value: unknown): string[] {
  return value === undefined ? [] : [value].flat().map(String);
}
