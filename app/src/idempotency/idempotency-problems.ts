import { Problem } from '../problems.ts';

/** 422: the key belongs to a request with another path or body. */
export function keyReused(): Problem {
  return new Problem(
    'idempotency-key-reused',
    'This Idempotency-Key was already used with a different request. Use a new key.',
  );
}

/** 409: a process holds the operation of the first request with this key. */
export function requestInProgress(): Problem {
  return new Problem(
    'request-in-progress',
    'The first request with this Idempotency-Key is still in progress. Retry after the delay in Retry-After.',
    { retryAfterSeconds: 2 },
  );
}
