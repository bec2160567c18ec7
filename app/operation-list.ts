/** One operation of the API, as far as whoever stands before it has to know it. */
export interface Operation {
  readonly method: string;
  /** As OpenAPI writes it: `/api/v1/payments/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** `console` marks what is of use to the browser console only. */
  readonly tags: readonly string[];
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
}

/** What is read of an OpenAPI document. */
interface Document {
  readonly paths?: Readonly<Record<string, unknown>>;
}

/**
 * Every operation of an OpenAPI document, without its schemas, which an API Gateway does not check.
 */
export function operationList({ paths = {} }: Document): Operation[] {
  return Object.entries(paths as Record<string, Record<string, Partial<Operation>>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { summary = '', tags = [], parameters = [] }]) => ({
      method: method.toUpperCase(),
      path,
      summary,
      tags,
      parameters: parameters.map((parameter) => ({ in: parameter.in, name: parameter.name })),
    })),
  );
}
