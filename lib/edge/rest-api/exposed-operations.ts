import operations from '../../../app/operations.json';

/** The stage's name is the first step of every address, so that the API has the same addresses as it has without an API Gateway. */
export const stageName = 'api';

/** An operation as `app/operations.json` has it. */
interface ListedOperation {
  readonly method: string;
  /** As the API serves it: `/api/v1/payments/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
}

/** An operation that the API Gateway offers. */
export interface ExposedOperation extends Omit<ListedOperation, 'tags'> {
  /** What follows the stage's name in the address that clients call: `/v1/payments/{id}`. */
  readonly resourcePath: string;
  /** Whether the API Gateway asks for an API key. */
  readonly needsApiKey: boolean;
}

/** Tells whoever watches from outside that API Gateway, load balancer and API answer; it says no more than that, and so needs no key. */
const health: ExposedOperation = {
  method: 'GET',
  path: '/health',
  resourcePath: '/health',
  summary: 'Whether the API answers',
  parameters: [],
  needsApiKey: false,
};

/**
 * What the API Gateway offers: every operation of the API but those of the browser console, which profiles with an API Gateway do not have.
 *
 * @throws when an operation is not below the stage's name, because its address would differ from the API's own
 */
export function exposedOperations(listed: readonly ListedOperation[] = operations): readonly ExposedOperation[] {
  const prefix = `/${stageName}`;
  const exposed = listed
    .filter(({ tags }) => !tags.includes('console'))
    .map((operation) => {
      if (!operation.path.startsWith(`${prefix}/`)) {
        throw new Error(`The operation ${operation.method} ${operation.path} is not below ${prefix}. Move it there.`);
      }
      const { tags: _, ...rest } = operation;
      return { ...rest, resourcePath: operation.path.slice(prefix.length), needsApiKey: true };
    });
  return [...exposed, health];
}
