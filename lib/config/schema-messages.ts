import type { z } from 'zod';

const nouns: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** Messages for the schema issues that a field does not describe itself, for `safeParse(value, { error })`. */
export const schemaMessage: z.core.$ZodErrorMap = (issue) => {
  if (issue.code === 'invalid_type') return `Use ${nouns[issue.expected] ?? issue.expected}.`;
  if (issue.code === 'invalid_value') return useOneOf(issue.values);
  if (issue.code === 'too_small') return `Use at least ${issue.minimum}${unitOf(issue.origin)}.`;
  if (issue.code === 'too_big') return `Use at most ${issue.maximum}${unitOf(issue.origin)}.`;
  if (issue.code === 'invalid_format' && issue.format === 'cidrv4') {
    return 'Use an IPv4 CIDR block, such as 10.0.0.0/16.';
  }
  return undefined;
};

/** The remedy for a value that is not one of `values`. */
export function useOneOf(values: readonly unknown[]): string {
  const listed = values.map(String).join(', ');
  return values.length === 1 ? `Use ${listed}.` : `Use one of ${listed}.`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' ? ' items' : '';
}
