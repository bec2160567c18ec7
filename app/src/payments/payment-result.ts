import type { StoredResponse } from '../idempotency/idempotency-repository.ts';
import type { Payment } from './payment.ts';
import type { Refund } from './refund.ts';

/** The acquirer's refusal of an operation on an existing payment, which leaves the payment unchanged. */
export interface Decline {
  readonly operation: 'capture' | 'void' | 'refund';
  /** The acquirer's reason, such as `insufficient_funds`. */
  readonly code: string;
}

/**
 * The response to an operation as it is stored. Only the database knows the time of storing, so that time is kept beside it: `updatedAt`
 * of the payment and `createdAt` of the refund. A payment with a response has no next action.
 */
export interface PaymentResponse {
  /** Responses of earlier releases have no metadata. */
  readonly payment: Omit<Payment, 'updatedAt' | 'nextAction' | 'metadata'> & Partial<Pick<Payment, 'metadata'>>;
  readonly refund?: Omit<Refund, 'createdAt'>;
  readonly decline?: Decline;
}

/** The result of a request. */
export interface PaymentResult {
  /** 202 until the acquirer has decided, also while the customer must authenticate; then 200 or 201, or 402 with `decline`. */
  readonly status: number;
  readonly payment: Payment;
  /** Present when the request made a refund. */
  readonly refund?: Refund;
  /** Present when the acquirer declined a capture, void or refund. */
  readonly decline?: Decline;
  /** Whether an earlier request with the same key received this result. */
  readonly replayed: boolean;
}

/** Completes a stored response with the time at which it was stored. */
export function resultOf({
  status,
  content: { payment, refund, decline },
  finishedAt,
}: StoredResponse<PaymentResponse>): Omit<PaymentResult, 'replayed'> {
  // In the order of the description, in which some responses are serialized: repeated requests receive the same bytes.
  const { metadata = {}, createdAt, ...facts } = payment;
  return {
    status,
    payment: { ...facts, nextAction: null, metadata, createdAt, updatedAt: finishedAt },
    ...(refund && { refund: { ...refund, createdAt: finishedAt } }),
    ...(decline && { decline }),
  };
}
