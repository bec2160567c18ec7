import { mapValues } from './map-values.ts';

/** An operation of an OpenAPI document. */
interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly schema?: { readonly type?: string } }[];
}

/** Describes how the members of an object are written in a query: `metadata[order]=1234`. The generator knows no styles. */
export function withDeepObjects<Document extends { readonly paths?: object }>(document: Document): Document {
  const described = (operation: Operation): Operation => ({
    ...operation,
    ...(operation.parameters && {
      parameters: operation.parameters.map((parameter) =>
        parameter.in === 'query' && parameter.schema?.type === 'object'
          ? { ...parameter, style: 'deepObject', explode: true }
          : parameter,
      ),
    }),
  });
  return {
    ...document,
    ...(document.paths && { paths: mapValues(document.paths, (methods: object) => mapValues(methods, described)) }),
  };
}
