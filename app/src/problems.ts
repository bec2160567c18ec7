/** Every problem that the API returns: HTTP status and title by the slug of its `type`. */
export const catalogue = {
  'validation-failed': [400, 'Invalid request'],
  'malformed-json': [400, 'Invalid JSON'],
  'malformed-request': [400, 'Malformed HTTP request'],
  'idempotency-key-missing': [400, 'Missing or invalid Idempotency-Key'],
  'cursor-invalid': [400, 'Invalid cursor'],
  unauthenticated: [401, 'Authentication required'],
  'signature-invalid': [401, 'Invalid signature'],
  'capture-declined': [402, 'Capture declined'],
  'refund-declined': [402, 'Refund declined'],
  'void-declined': [402, 'Void declined'],
  'insufficient-scope': [403, 'Insufficient scope'],
  'certificate-mismatch': [403, 'Client certificate mismatch'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'Method not allowed'],
  'request-timeout': [408, 'Request timeout'],
  'invalid-state': [409, 'Invalid payment state'],
  'merchant-exists': [409, 'Merchant already exists'],
  'api-key-ended': [409, 'API key has ended'],
  'webhook-endpoint-limit': [409, 'Too many webhook endpoints'],
  'request-in-progress': [409, 'Request in progress'],
  'payload-too-large': [413, 'Request body too large'],
  'unsupported-media-type': [415, 'Unsupported media type'],
  'idempotency-key-reused': [422, 'Idempotency-Key already used'],
  'card-number-refused': [422, 'Card number refused'],
  'amount-exceeds-balance': [422, 'Amount exceeds balance'],
  'headers-too-large': [431, 'Request headers too large'],
  internal: [500, 'Internal error'],
  overloaded: [503, 'Service overloaded'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemSlug = keyof typeof catalogue;

/** The `type` of a problem. It is a relative reference, because each deployment has its own address. */
export function problemType(slug: ProblemSlug): string {
  return `/problems/${slug}`;
}

/** A problem with one field of the request. It never contains the field's value. */
export interface ProblemDetail {
  /** JSON pointer, such as `/amountMinor`. */
  readonly pointer: string;
  readonly detail: string;
}

/** Optional members and headers of a problem. */
export interface ProblemOptions {
  readonly errors?: readonly ProblemDetail[];
  readonly retryAfterSeconds?: number;
  /** Members of this type of problem, beside those of RFC 9457. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** The methods that the resource supports, for the `Allow` header. */
  readonly allow?: string;
}

/** The headers that RFC 9110 requires with some statuses: `WWW-Authenticate` with 401, `Allow` with 405. */
function headersOf(slug: ProblemSlug, { retryAfterSeconds, allow }: ProblemOptions): Record<string, string> {
  return {
    ...(catalogue[slug][0] === 401 && { 'WWW-Authenticate': 'Bearer realm="payments"' }),
    ...(allow !== undefined && { Allow: allow }),
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
  };
}

/** An error that the client receives as a problem document (RFC 9457). */
export class Problem extends Error {
  readonly slug: ProblemSlug;
  readonly errors: readonly ProblemDetail[] | undefined;
  readonly members: Readonly<Record<string, unknown>> | undefined;
  /** Response headers, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(slug: ProblemSlug, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.name = 'Problem';
    this.slug = slug;
    this.errors = options.errors;
    this.members = options.members;
    this.headers = headersOf(slug, options);
  }

  get status(): number {
    return catalogue[this.slug][0];
  }

  /** The response body, as `application/problem+json`. */
  body(instance: string, correlationId: string): Record<string, unknown> {
    return {
      type: problemType(this.slug),
      title: catalogue[this.slug][1],
      status: this.status,
      detail: this.message,
      instance,
      correlationId,
      ...(this.errors && { errors: this.errors }),
      ...this.members,
    };
  }
}

/** 503: a retry may succeed. @param cause the first sentence of the detail, without its full stop */
export function overloaded(retryAfterSeconds: number, cause = 'The service is overloaded'): Problem {
  return new Problem('overloaded', `${cause}. Retry after the delay in Retry-After.`, { retryAfterSeconds });
}
