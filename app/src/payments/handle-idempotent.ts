import type { FastifyReply, FastifyRequest } from 'fastify';
import { idempotentRequestOf } from '../http/idempotent-request-of.ts';
import { prefersAsync } from '../http/preferences.ts';
import type { Preparation } from './operation.ts';
import type { PaymentService } from './payment-service.ts';

/** Performs the operation once for its Idempotency-Key, and sends the stored response. */
export async function handleIdempotent(
  payments: PaymentService,
  request: FastifyRequest,
  reply: FastifyReply,
  preparation: Preparation,
): Promise<void> {
  const { status, body, replayed } = await payments.handle(idempotentRequestOf(request), preparation);
  if (replayed) void reply.header('Idempotent-Replayed', 'true');
  if (status === 202) announceOutcome(request, reply, body);
  await reply.code(status).type('application/json; charset=utf-8').serializer(String).send(body);
}

/** Adds where and when the client can ask for the outcome of a payment that is not decided yet. */
function announceOutcome(request: FastifyRequest, reply: FastifyReply, body: string): void {
  const { id } = JSON.parse(body) as { id: string };
  void reply.header('Location', `${request.server.prefix}/payments/${id}`).header('Retry-After', '2');
  if (prefersAsync(request)) void reply.header('Preference-Applied', 'respond-async');
}
