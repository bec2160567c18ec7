import type { ProblemView } from '@payment-platform/app/contract';

/** The API refuses: what it says is meant for the person at the screen. */
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

/** No answer has come: whether the API did anything is unknown, and the same Idempotency-Key must be used again. */
class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('The payment platform cannot be reached. Check the connection and try again.', { cause });
    this.name = 'NoAnswer';
  }
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: object;
  /** One for every intention of the user; required by every POST but the one that signs in. */
  readonly idempotencyKey?: string;
}

const attempts = 3;
const answerTimeoutMilliseconds = 30_000;
const longestWaitSeconds = 5;

/** Talks JSON with the API, whose cookie the browser sends along. */
export class ApiClient {
  readonly #baseUrl: string;

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  get<T>(path: string): Promise<T> {
    return this.send<T>(path, {});
  }

  /**
   * Sends a request, and repeats it when the API asks to come back later or does not answer at all.
   *
   * Repeating is safe: a request either changes nothing or carries its Idempotency-Key.
   *
   * @throws ApiProblem when the API refuses, NoAnswer when it cannot be reached
   */
  async send<T>(path: string, request: ApiRequest): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.#fetch(path, request).catch((error: unknown) => new NoAnswer(error));
      const last = attempt === attempts || !isRepeatable(request);
      if (response instanceof NoAnswer) {
        if (last) throw response;
        await wait(attempt);
      } else if (response.ok) {
        return (response.status === 204 ? undefined : await response.json()) as T;
      } else {
        const problem = await problemOf(response);
        const comeBackSeconds = Number(response.headers.get('retry-after'));
        if (last || !(comeBackSeconds > 0)) throw new ApiProblem(problem);
        await wait(Math.min(comeBackSeconds, longestWaitSeconds));
      }
    }
  }

  #fetch(path: string, { method = 'GET', body, idempotencyKey }: ApiRequest): Promise<Response> {
    return fetch(this.#baseUrl + path, {
      method,
      signal: AbortSignal.timeout(answerTimeoutMilliseconds),
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

/** Something between browser and API, such as the edge's firewall, may answer without a problem document. */
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
