import type { paths } from '@payment-platform/app/api-types';
import createClient, { type Client } from 'openapi-fetch';
import { ApiProblem, NoResponse, problemOf } from './api-problem.ts';

/** The paths of the API below its base URL. */
type ApiPaths = { [Path in keyof paths as Path extends `/api/v1${infer Rest}` ? Rest : never]: paths[Path] };

/** A client with the methods, paths, parameters and bodies of the API's description. The browser sends the session cookie. */
export interface ApiClient extends Client<ApiPaths, 'application/json'> {
  /** The address of a path, for links that the browser follows itself. */
  urlOf(path: string): string;
}

const attempts = 3;
const timeoutMilliseconds = 30_000;
const longestWaitSeconds = 5;

export function createApiClient(baseUrl: string): ApiClient {
  const client = createClient<ApiPaths, 'application/json'>({ baseUrl, fetch: fetchWithRetries });
  return { ...client, urlOf: (path) => baseUrl + path };
}

/**
 * Returns the content of a response.
 *
 * @throws ApiProblem for an error response, NoResponse when the API cannot be reached
 */
export async function dataOf<Data>(call: Promise<{ readonly data?: Data }>): Promise<Data> {
  const { data } = await call;
  // `fetchWithRetries` throws instead of returning an error response.
  return data as Data;
}

/** The header of a request that must happen once, however often it is sent. */
export const idempotencyHeader = (key: string) => ({ header: { 'Idempotency-Key': key } }) as const;

/**
 * Sends a request. Retries it after a response with Retry-After, or without a response.
 *
 * Retries are safe, because a request either changes nothing or has an Idempotency-Key.
 */
async function fetchWithRetries(request: Request): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(request.clone(), { signal: AbortSignal.timeout(timeoutMilliseconds) }).catch(
      (error: unknown) => new NoResponse(error),
    );
    const last = attempt === attempts || !isRepeatable(request);
    if (response instanceof NoResponse) {
      if (last) throw response;
      await wait(attempt);
    } else if (response.ok) {
      return response;
    } else {
      const problem = await problemOf(response);
      const retryAfterSeconds = Number(response.headers.get('retry-after'));
      if (last || !(retryAfterSeconds > 0)) throw new ApiProblem(problem);
      await wait(Math.min(retryAfterSeconds, longestWaitSeconds));
    }
  }
}

function isRepeatable({ method, headers }: Request): boolean {
  return method !== 'POST' || headers.has('Idempotency-Key');
}

function wait(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}
