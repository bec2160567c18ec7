import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../http/authentication.ts';
import { prefersAsync } from '../http/preferences.ts';
import type { Preparation } from '../payments/operation.ts';
import type { IdempotentRequest, PaymentService } from '../payments/payment-service.ts';
import { Problem } from '../problems.ts';

/** Does what the request asks for under its Idempotency-Key, and sends the answer as it was stored. */
export async function handleIdempotent(
  payments: PaymentService,
  request: FastifyRequest,
  reply: FastifyReply,
  preparation: Preparation,
): Promise<void> {
  const { status, body, replayed } = await payments.handle(keyedRequestOf(request), preparation);
  if (replayed) void reply.header('Idempotent-Replayed', 'true');
  if (status === 202) announceOutcome(request, reply, body);
  await reply.code(status).type('application/json; charset=utf-8').serializer(String).send(body);
}

/** Whose request it is, under which key, and a digest of what it asks for. @throws Problem without a usable key */
export function keyedRequestOf(request: FastifyRequest): IdempotentRequest {
  return { ...callerOf(request), key: keyOf(request), requestHash: hashOf(request) };
}

/** Nothing is decided yet: where the payment can be asked for, and when. */
function announceOutcome(request: FastifyRequest, reply: FastifyReply, body: string): void {
  const { id } = JSON.parse(body) as { id: string };
  void reply.header('Location', `${request.server.prefix}/payments/${id}`).header('Retry-After', '2');
  if (prefersAsync(request)) void reply.header('Preference-Applied', 'respond-async');
}

function keyOf({ headers }: FastifyRequest): string {
  const key = headers['idempotency-key'];
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem(
    'idempotency-key-missing',
    'Send an Idempotency-Key header of 1 to 255 visible ASCII characters. Use a new key for each operation.',
  );
}

/** What was asked for, whatever the order of the fields, and not how it was to be answered. */
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
