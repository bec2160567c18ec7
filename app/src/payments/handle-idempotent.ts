import type { FastifyReply, FastifyRequest } from 'fastify';
import { idempotentRequestOf } from '../http/idempotent-request-of.ts';
import { prefersAsync } from '../http/preferences.ts';
import { sendProblem } from '../http/problem-handler.ts';
import { Problem } from '../problems.ts';
import type { Preparation } from './operation.ts';
import type { Payment } from './payment.ts';
import type { Decline } from './payment-result.ts';
import type { PaymentService } from './payment-service.ts';

/** Performs the operation once for its Idempotency-Key, and sends the result. */
export async function handleIdempotent(
  payments: PaymentService,
  request: FastifyRequest,
  reply: FastifyReply,
  preparation: Preparation,
): Promise<void> {
  const { status, payment, refund, decline, replayed } = await payments.handle(
    idempotentRequestOf(request),
    preparation,
  );
  if (replayed) void reply.header('Idempotent-Replayed', 'true');
  if (decline) {
    await sendProblem(operationDeclined(decline, payment), request, reply);
    return;
  }
  if (status === 202) announceOutcome(request, reply, payment.id);
  const body = refund ? { refund, payment } : payment;
  await reply.code(status).type('application/json; charset=utf-8').serializer(JSON.stringify).send(body);
}

/** 402: the acquirer declined a capture, void or refund. */
function operationDeclined({ operation, code }: Decline, payment: Payment): Problem {
  const detail = `The acquirer declined the ${operation} with ${code}. The payment is still ${payment.status}. Retry with a new Idempotency-Key.`;
  return new Problem(`${operation}-declined`, detail, { members: { declineCode: code, payment } });
}

/** Adds where and when the client can ask for the outcome of a pending payment. */
function announceOutcome(request: FastifyRequest, reply: FastifyReply, paymentId: string): void {
  void reply.header('Location', `${request.server.prefix}/payments/${paymentId}`).header('Retry-After', '2');
  if (prefersAsync(request)) void reply.header('Preference-Applied', 'respond-async');
}
