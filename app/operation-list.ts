/** An operation of the API, as an API Gateway needs it. */
export interface Operation {
  readonly method: string;
  /** The OpenAPI path, such as `/api/v1/payments/{id}`. */
  readonly path: string;
  readonly summary: string;
  /** `console`: only the browser console uses the operation. */
  readonly tags: readonly string[];
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
}

/** The part of an OpenAPI document that is read. */
interface Document {
  readonly paths?: Readonly<Record<string, unknown>>;
}

/**
 * Returns every operation of an OpenAPI document, without schemas, which the API Gateway does not validate.
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
