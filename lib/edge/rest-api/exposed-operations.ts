import operations from '../../../app/operations.json';

/** The stage name. It is the first segment of every path, so the paths equal those without an API Gateway. */
export const stageName = 'api';

/** An operation in `app/operations.json`. */
interface ListedOperation {
  readonly method: string;
  /** The path of the API: `/api/v1/payments/{id}`. */
  readonly path: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly { readonly in: string; readonly name: string }[];
}

/** An operation of the API Gateway. */
export interface ExposedOperation extends Omit<ListedOperation, 'tags'> {
  /** The path after the stage name: `/v1/payments/{id}`. */
  readonly resourcePath: string;
  /** Whether API Gateway requires an API key. */
  readonly needsApiKey: boolean;
}

/** The health check for external monitoring. It reveals nothing else, so it needs no key. */
const health: ExposedOperation = {
  method: 'GET',
  path: '/health',
  resourcePath: '/health',
  summary: 'Whether the API answers',
  parameters: [],
  needsApiKey: false,
};

/** Which operations an API Gateway exposes beside those of merchants. */
export interface Exposure {
  /** The operations of operators. */
  readonly administration: boolean;
  /** The notices of the acquirer, which has no certificate and no API key: the API verifies its signature. */
  readonly acquirerEvents: boolean;
}

/** Tags of operations whose callers are no merchants, so they send no API key of a usage plan. */
const withoutApiKey = ['operator', 'acquirer-events'];

/**
 * Returns the operations of the API Gateway: those of the API without those of the console, and the health check.
 *
 * @throws Error when the path of an operation does not begin with the stage name
 */
export function exposedOperations(
  { administration, acquirerEvents }: Exposure,
  listed: readonly ListedOperation[] = operations,
): readonly ExposedOperation[] {
  const prefix = `/${stageName}`;
  const hidden = ['console', ...(administration ? [] : ['operator']), ...(acquirerEvents ? [] : ['acquirer-events'])];
  const exposed = listed
    .filter(({ tags }) => !tags.some((tag) => hidden.includes(tag)))
    .map((operation) => {
      if (!operation.path.startsWith(`${prefix}/`)) {
        throw new Error(`The operation ${operation.method} ${operation.path} is not below ${prefix}. Move it there.`);
      }
      const { tags, ...rest } = operation;
      return {
        ...rest,
        resourcePath: operation.path.slice(prefix.length),
        needsApiKey: !tags.some((tag) => withoutApiKey.includes(tag)),
      };
    });
  return [...exposed, health];
}
