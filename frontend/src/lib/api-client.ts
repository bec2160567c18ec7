import type { ProblemView } from '@payment-platform/app/contract';

/** An error response of the API. Its message is shown to the user. */
export class ApiProblem extends Error {
  readonly problem: ProblemView;

  constructor(problem: ProblemView) {
    super(problem.detail);
    this.name = 'ApiProblem';
    this.problem = problem;
  }

  /** The last part of the problem's type, such as `invalid-state`. */
  get slug(): string {
    return this.problem.type.split('/').at(-1) ?? '';
  }
}

/** No response: the outcome is unknown, so a retry must use the same Idempotency-Key. */
class NoResponse extends Error {
  constructor(cause: unknown) {
    super('The payment platform cannot be reached. Check the connection and try again.', { cause });
    this.name = 'NoResponse';
  }
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  /** One per operation of the user. Every POST except signing in requires it. */
  readonly idempotencyKey?: string;
}

const attempts = 3;
const timeoutMilliseconds = 30_000;
const longestWaitSeconds = 5;

/** A JSON client of the API. The browser sends the session cookie. */
export class ApiClient {
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  /** The address of a path, for links that the browser follows itself. */
  urlOf(path: string): string {
    return this.#baseUrl + path;
  }

  get<T>(path: string): Promise<T> {
    return this.send<T>(path, {});
  }

  /**
   * Sends a request. Retries it after a response with Retry-After, or without a response.
   *
   * Retries are safe, because a request either changes nothing or has an Idempotency-Key.
   *
   * @throws ApiProblem for an error response, NoResponse when the API cannot be reached
   */
  async send<T>(path: string, request: ApiRequest): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#fetch(path, request).catch((error: unknown) => new NoResponse(error));
      const last = attempt === attempts || !isRepeatable(request);
      if (response instanceof NoResponse) {
        if (last) throw response;
        await wait(attempt);
      } else if (response.ok) {
        return (response.status === 204 ? undefined : await response.json()) as T;
      } else {
        const problem = await problemOf(response);
        const retryAfterSeconds = Number(response.headers.get('retry-after'));
        if (last || !(retryAfterSeconds > 0)) throw new ApiProblem(problem);
        await wait(Math.min(retryAfterSeconds, longestWaitSeconds));
      }
    }
  }

  #fetch(path: string, { method = 'GET', body, idempotencyKey }: ApiRequest): Promise<Response> {
    return fetch(this.urlOf(path), {
      method,
      signal: AbortSignal.timeout(timeoutMilliseconds),
      headers: {
        Accept: 'application/json',
        ...(body && { 'Content-Type': 'application/json' }),
        ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

function isRepeatable({ method = 'GET', idempotencyKey }: ApiRequest): boolean {
  return method !== 'POST' || idempotencyKey !== undefined;
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Parses a problem document. CloudFront or WAF may respond without one. */
async function problemOf(response: Response): Promise<ProblemView> {
  const body = (await response.json().catch(() => undefined)) as ProblemView | undefined;
  if (typeof body?.detail === 'string') return body;
  return {
    type: '/problems/unexpected-answer',
    title: 'Unexpected answer',
    status: response.status,
    detail: `The payment platform answered with status ${response.status}.`,
    instance: '',
    correlationId: response.headers.get('x-correlation-id') ?? '',
  };
}
