import { type RestApi, ResponseType } from 'aws-cdk-lib/aws-apigateway';

/** A gateway response in the format of the API's own problems. */
interface GatewayProblem {
  readonly type: ResponseType;
  readonly status: number;
  readonly slug: string;
  readonly title: string;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

/** The errors that API Gateway returns itself. The last two are the defaults for all others. */
const problems: readonly GatewayProblem[] = [
  {
    type: ResponseType.THROTTLED,
    status: 429,
    slug: 'rate-limited',
    title: 'Too many requests',
    detail: 'The rate limit is exceeded. Retry after the delay in Retry-After.',
    retryAfterSeconds: 1,
  },
  {
    type: ResponseType.QUOTA_EXCEEDED,
    status: 429,
    slug: 'rate-limited',
    title: 'Too many requests',
    detail: 'The quota of the API key is exhausted.',
    retryAfterSeconds: 60,
  },
  {
    type: ResponseType.INVALID_API_KEY,
    status: 403,
    slug: 'gateway-key-missing',
    title: 'Missing or invalid x-api-key',
    detail: 'Send the API key of your usage plan in the x-api-key header.',
  },
  {
    type: ResponseType.WAF_FILTERED,
    status: 403,
    slug: 'request-refused',
    title: 'Request blocked',
    detail: 'The web application firewall blocked the request.',
  },
  // API Gateway returns this for an unknown path or method.
  {
    type: ResponseType.MISSING_AUTHENTICATION_TOKEN,
    status: 404,
    slug: 'not-found',
    title: 'Not found',
    detail: 'No resource exists at this path.',
  },
  {
    type: ResponseType.REQUEST_TOO_LARGE,
    status: 413,
    slug: 'payload-too-large',
    title: 'Request body too large',
    detail: 'The request body exceeds 64 KiB.',
  },
  {
    type: ResponseType.INTEGRATION_TIMEOUT,
    status: 504,
    slug: 'no-answer',
    title: 'Gateway timeout',
    detail: 'The API did not respond in time. Retry with the same Idempotency-Key.',
  },
  {
    type: ResponseType.DEFAULT_4XX,
    status: 400,
    slug: 'malformed-request',
    title: 'Malformed HTTP request',
    detail: 'The request is not valid HTTP.',
  },
  {
    type: ResponseType.DEFAULT_5XX,
    status: 503,
    slug: 'overloaded',
    title: 'Service overloaded',
    detail: 'Retry with the same Idempotency-Key after the delay in Retry-After.',
    retryAfterSeconds: 2,
  },
];

/**
 * Makes API Gateway return its errors as problem documents (RFC 9457), with the request ID of its access log.
 *
 * A problem contains nothing of the request: `resourcePath` is the pattern of the path.
 */
export function addGatewayResponses(api: RestApi): void {
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
