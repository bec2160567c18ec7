/** Every way in which the API refuses, by the slug of its stable `type`: status, title and, for some, when to come back. */
const catalogue = {
  'validation-failed': [400, 'The request does not fit its schema'],
  'malformed-json': [400, 'The body is not JSON'],
  'malformed-request': [400, 'The request is not HTTP'],
  'idempotency-key-missing': [400, 'The Idempotency-Key header is missing or malformed'],
  'cursor-invalid': [400, 'The cursor was not issued by this list'],
  unauthenticated: [401, 'No valid API key or session'],
  'insufficient-scope': [403, 'The API key does not have this scope'],
  'certificate-mismatch': [403, 'The client certificate is not the one of this merchant'],
  'not-found': [404, 'There is nothing at this address'],
  'method-not-allowed': [405, 'This address does not know this method'],
  'request-timeout': [408, 'The request was sent too slowly'],
  'invalid-state': [409, 'The payment is not in a state that allows this'],
  'request-in-progress': [409, 'A request with this Idempotency-Key is in progress'],
  'payload-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be application/json'],
  'idempotency-key-reused': [422, 'The Idempotency-Key was used for another request'],
  'card-number-refused': [422, 'Card numbers are not accepted; send a payment token'],
  'amount-exceeds-balance': [422, 'The amount exceeds what is left of the payment'],
  'headers-too-large': [431, 'The headers are too large'],
  internal: [500, 'Something went wrong on our side'],
  overloaded: [503, 'Too much work at the moment'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ProblemSlug = keyof typeof catalogue;

/** What is wrong at one place of the request; never with the value that was found there. */
export interface ProblemDetail {
  /** JSON pointer, such as `/amountMinor`. */
  readonly pointer: string;
  readonly detail: string;
}

/** What some refusals say besides. */
export interface ProblemOptions {
  readonly errors?: readonly ProblemDetail[];
  readonly retryAfterSeconds?: number;
  /** The methods that the address knows. */
  readonly allow?: string;
}

/** What RFC 9110 wants beside some statuses: how to authenticate beside 401, what is allowed beside 405. */
function headersOf(slug: ProblemSlug, { retryAfterSeconds, allow }: ProblemOptions): Record<string, string> {
  return {
    ...(catalogue[slug][0] === 401 && { 'WWW-Authenticate': 'Bearer realm="payments"' }),
    ...(allow !== undefined && { Allow: allow }),
    ...(retryAfterSeconds !== undefined && { 'Retry-After': String(retryAfterSeconds) }),
  };
}

/** A refusal that the client is told of, as RFC 9457 describes it. */
export class Problem extends Error {
  readonly slug: ProblemSlug;
  readonly errors: readonly ProblemDetail[] | undefined;
  /** What goes with it besides its body, such as `Retry-After`. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(slug: ProblemSlug, detail: string, options: ProblemOptions = {}) {
    super(detail);
    this.name = 'Problem';
    this.slug = slug;
    this.errors = options.errors;
    this.headers = headersOf(slug, options);
  }

  get status(): number {
    return catalogue[this.slug][0];
  }

  /** The body of the answer, for `application/problem+json`. */
  body(instance: string, correlationId: string): Record<string, unknown> {
    return {
      type: `/problems/${this.slug}`,
      title: catalogue[this.slug][1],
      status: this.status,
      detail: this.message,
      instance,
      correlationId,
      ...(this.errors && { errors: this.errors }),
    };
  }
}
