import { ApiProblem } from '../../lib/api-client.ts';

/** Field name -> what is wrong with it, both as found here and as the API says. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

/** The API names fields by JSON pointer: `/amountMinor` is the field `amountMinor`. */
export function fieldErrorsOf(error: Error | null): FieldErrors {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(
    (error.problem.errors ?? []).map(({ pointer, detail }) => [pointer.split('/').at(-1) ?? '', detail]),
  );
}
