import { type RestApi, ResponseType } from 'aws-cdk-lib/aws-apigateway';

/** A refusal of the API Gateway itself, in the words of the API's own problems. */
interface GatewayProblem {
  readonly type: ResponseType;
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

/** What API Gateway answers by itself; what it does not know by name, it takes for one of the last two. */
const problems: readonly GatewayProblem[] = [
  {
    type: ResponseType.THROTTLED,
    status: 429,
    slug: 'rate-limited',
    title: 'Too many requests',
    detail: 'Send fewer requests a second.',
    retryAfterSeconds: 1,
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: 429,
    slug: 'rate-limited',
    title: 'Too many requests',
    detail: 'The quota of this API key is used up.',
    retryAfterSeconds: 60,
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: 403,
    slug: 'gateway-key-missing',
    title: 'No valid x-api-key',
    detail: 'Send the API key of your usage plan as x-api-key.',
  },
  {
    type: ResponseType.WAF_FILTERED,
    status: 403,
    slug: 'request-refused',
    title: 'The request was refused',
    detail: 'The request looks like an attack, or there were too many of them.',
  },
  // What API Gateway says of an address or method that it does not know.
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: 404,
    slug: 'not-found',
    title: 'There is nothing at this address',
    detail: 'There is nothing at this address.',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    slug: 'payload-too-large',
    title: 'The body is too large',
    detail: 'The body may have at most 64 KiB.',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    slug: 'no-answer',
    title: 'No answer in time',
    detail: 'Try again with the same Idempotency-Key.',
  },
  {
    type: ResponseType.DEFAULT_4XX,
    status: 400,
    slug: 'malformed-request',
    title: 'The request is not HTTP',
    detail: 'The request cannot be read.',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: 503,
    slug: 'overloaded',
    title: 'Too much work at the moment',
    detail: 'Try again in a moment, with the same Idempotency-Key.',
    retryAfterSeconds: 2,
  },
];

/**
 * Lets the API Gateway refuse as the API does (RFC 9457), with the id that its log knows the request by.
 *
 * Nothing of the request is repeated: `resourcePath` is the pattern of the address.
 */
export function refuseWithProblems(api: RestApi): void {
  for (const { type, status, slug, title, detail, retryAfterSeconds } of problems) {
    api.addGatewayResponse(type.responseType, {
      type,
      statusCode: String(status),
      responseHeaders: {
        'Content-Type': "'application/problem+json'",
        'x-correlation-id': 'context.requestId',
        ...(retryAfterSeconds !== undefined && { 'Retry-After': `'${retryAfterSeconds}'` }),
      },
      templates: {
        'application/json': JSON.stringify({
          type: `/problems/${slug}`,
          title,
          status,
          detail,
          instance: '$context.resourcePath',
          correlationId: '$context.requestId',
        }),
      },
    });
  }
}
