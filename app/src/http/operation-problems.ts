import { type ProblemSlug, problemType } from '../problems.ts';
import { problemSchema } from './schemas.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Problems of this operation beside those that follow from its request. */
    readonly problems?: readonly ProblemSlug[];
  }
}

/** What decides which problems an operation can return. */
export interface RequestTraits {
  readonly hasBody: boolean;
  readonly hasPathParameters: boolean;
  readonly hasCursor: boolean;
  readonly needsKey: boolean;
  /** Whether the operation requires a merchant or an operator. */
  readonly admits: 'merchants' | 'operators' | 'everyone';
  readonly own: readonly ProblemSlug[];
}

/** The 4xx and 5xx responses of an operation, with the type of every problem it can return. */
export function problemResponses({
  hasBody,
  hasPathParameters,
  hasCursor,
  needsKey,
  admits,
  own,
}: RequestTraits): Record<'4xx' | '5xx', object> {
  const when = (condition: boolean, ...slugs: ProblemSlug[]) => (condition ? slugs : []);
  return {
    '4xx': problemResponse('The request is refused.', [
      'validation-failed',
      'malformed-request',
      ...when(hasCursor, 'cursor-invalid'),
      ...when(hasBody, 'malformed-json'),
      ...when(needsKey, 'idempotency-key-missing'),
      ...when(admits !== 'everyone', 'unauthenticated'),
      ...when(admits === 'merchants', 'insufficient-scope', 'certificate-mismatch'),
      ...when(hasPathParameters, 'not-found'),
      'request-timeout',
      ...own,
      ...when(needsKey, 'request-in-progress'),
      ...when(hasBody, 'payload-too-large', 'unsupported-media-type'),
      ...when(needsKey, 'idempotency-key-reused'),
      'card-number-refused',
      'headers-too-large',
    ]),
    '5xx': problemResponse('The request failed, and a retry may succeed.', ['overloaded', 'internal']),
  };
}

function problemResponse(description: string, slugs: readonly ProblemSlug[]): object {
  const links = slugs.map((slug) => `[${slug}](${problemType(slug)})`).join(', ');
  const narrowed = { properties: { type: { enum: slugs.map(problemType) } } };
  return {
    description: `${description} Problems (RFC 9457): ${links}.`,
    content: { 'application/problem+json': { schema: { allOf: [problemSchema, narrowed] } } },
  };
}
