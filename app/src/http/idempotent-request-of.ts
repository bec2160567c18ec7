import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { IdempotentRequest } from '../idempotency/idempotent-request.ts';
import { Problem } from '../problems.ts';
import { callerOf } from './authentication.ts';

/** Returns the caller, the Idempotency-Key and a hash of the request. @throws Problem when the key is missing or invalid */
export function idempotentRequestOf(request: FastifyRequest): IdempotentRequest {
  return { ...callerOf(request), key: keyOf(request), requestHash: hashOf(request) };
}

function keyOf({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem(
    'idempotency-key-missing',
    'Send an Idempotency-Key header of 1 to 255 visible ASCII characters. Use a new key for each operation.',
  );
}

/** Hashes method, path and body. The order of fields does not matter. Headers and query are excluded, because they only shape the response. */
function hashOf({ method, url, body }: FastifyRequest): Buffer {
  const [path] = url.split('?');
  return hash('sha256', JSON.stringify([method, path, sorted(body)]), 'buffer');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner)]);
}
