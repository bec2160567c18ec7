import { apiCompare, type Diff } from 'api-smart-diff';

/**
 * Returns what breaks clients of the released OpenAPI document, one line each. The comparison and the rules for requests are the package's.
 * Its rules for responses are not used, because they take a new property for a break, and a removed one for none.
 */
export function breakingChanges(released: object, current: object): string[] {
  return apiCompare(released, current)
    .diffs.filter(({ path }) => ['paths', 'webhooks'].includes(String(path[0])) && !path.includes('example'))
    .filter((diff) => (isRead(diff) ? breaksReader(diff) : breaksWriter(diff)))
    .map(({ action, path }) => {
      const [, resource, method, ...place] = path;
      return `${action} ${String(method).toUpperCase()} ${String(resource)} ${place.join('/')}`.trim();
    });
}

/** Clients read responses and the requests of webhooks. */
const isRead = ({ path }: Diff): boolean => path[0] === 'webhooks' || path[3] === 'responses';

/** A request that was right is refused, or a generated client loses a method. */
function breaksWriter({ type, action, path }: Diff): boolean {
  const [parent, last] = path.slice(-2);
  // Bodies refuse unknown properties.
  if (action === 'remove' && parent === 'properties') return true;
  return type === 'breaking' || (last === 'operationId' && action !== 'add');
}

/** A response or webhook lacks what it had, or has a value of another type. Clients must accept new properties and new values of an enumeration. */
function breaksReader({ action, path }: Diff): boolean {
  const [parent, last] = path.slice(-2);
  const isInSchema = path.slice(0, -1).includes('schema');
  if (action === 'remove') return !isInSchema || parent === 'properties' || parent === 'required';
  if (action === 'add') return parent === 'anyOf' || parent === 'oneOf';
  return isInSchema && (last === 'type' || last === 'format' || last === 'const');
}
