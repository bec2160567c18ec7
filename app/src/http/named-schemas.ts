import { isDeepStrictEqual } from 'node:util';

/** A part of an OpenAPI document. */
type Json = { readonly [name: string]: unknown };

/**
 * Moves every schema with a title to `components.schemas` and leaves a reference, so that clients get one type for it.
 *
 * @throws Error when two different schemas have the same title
 */
export function nameSchemas<Document extends { readonly components?: object }>(document: Document): Document {
  const schemas: Record<string, Json> = {};
  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== 'object' || value === null) return value;
    const inner: Json = Object.fromEntries(Object.entries(value).map(([name, each]) => [name, moved(each)]));
    const { title } = inner;
    if (typeof title !== 'string') return inner;
    if (!isDeepStrictEqual((schemas[title] ??= inner), inner))
      throw new Error(`Two schemas have the title ${title}. Rename one of them.`);
    return { $ref: `#/components/schemas/${title}` };
  };
  // Other parts have titles that name no schema, such as that of the document.
  const parts = Object.entries(document).map(([name, part]) => [
    name,
    name === 'paths' || name === 'webhooks' ? moved(part) : (part as unknown),
  ]);
  const described = Object.fromEntries(parts) as Document;
  const sorted = Object.fromEntries(Object.entries(schemas).sort(([left], [right]) => (left < right ? -1 : 1)));
  return { ...described, components: { ...described.components, schemas: sorted } };
}
