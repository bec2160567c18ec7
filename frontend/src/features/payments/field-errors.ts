import { ApiProblem } from '../../lib/api-problem.ts';

/** Error messages by field name, from the form or the API. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

/** Returns the field errors of an API problem. The JSON pointer `/amountMinor` becomes the field `amountMinor`. */
export function fieldErrorsOf(error: Error | null): FieldErrors {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(
    (error.problem.errors ?? []).map(({ pointer, detail }) => [pointer.split('/').at(-1) ?? '', detail]),
  );
}
