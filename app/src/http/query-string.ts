import { parse } from 'node:querystring';

type Query = Record<string, unknown>;
const member = /^([A-Za-z]+)\[([^[\]]+)\]$/;

/**
 * Parses a query string. `metadata[order]=1234` is a member of the object `metadata`, as OpenAPI's style `deepObject` says. A member of
 * what is a string keeps its name, so the schema of the route refuses it.
 */
export function parseQueryString(text: string): Query {
  // The client chooses the names, so objects of them have no prototype.
  const query = Object.create(null) as Query;
  for (const [name, value] of Object.entries(parse(text))) {
    const [, object = name, inner] = member.exec(name) ?? [];
    if (inner !== undefined) query[object] ??= Object.create(null);
    const isString = typeof query[object] === 'string' || Array.isArray(query[object]);
    if (inner === undefined || isString) query[name] = value;
    else (query[object] as Query)[inner] = value;
  }
  return query;
}
