import openapiTS, { astToString, COMMENT_HEADER, type OpenAPI3 } from 'openapi-typescript';

/**
 * Returns the TypeScript of the types that clients of an OpenAPI document use: `paths` for openapi-fetch, and each named schema.
 *
 * Examples are left out, because they change with every run of the tests that record them.
 */
export async function clientTypes(document: object): Promise<string> {
  const withoutExamples = JSON.parse(
    JSON.stringify(document, (name, value: unknown) => (name === 'example' ? undefined : value)),
  ) as OpenAPI3;
  const syntax = await openapiTS(withoutExamples, {
    rootTypes: true,
    rootTypesNoSchemaPrefix: true,
    silent: true,
  });
  return COMMENT_HEADER + astToString(syntax);
}
