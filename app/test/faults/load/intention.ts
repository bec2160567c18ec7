/** A payment in a response. */
export interface ToldPayment {
  readonly id: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly capturedAmountMinor: number;
  readonly refundedAmountMinor: number;
  readonly currency: string;
}

/** A final response. */
export interface FinalResponse {
  readonly status: number;
  readonly body: string;
}

/** An operation of a client under one Idempotency-Key, and its responses. */
export interface Intention {
  readonly merchantId: string;
  readonly key: string;
  readonly kind: 'create' | 'capture' | 'void' | 'refund';
  /** The unique token of the payment. It starts with the decision of the acquirer and contains the scenario. */
  readonly paymentToken: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Every final response for the key. */
  readonly responses: FinalResponse[];
  /** Responses that no client should receive. */
  readonly unexpected: string[];
  /** The number of requests. */
  attempts: number;
  /** The number of 202 responses, which promise that the payment is stored. */
  accepted: number;
  /**
   * - `open`: still in progress, or never answered
   * - `acknowledged`: has a final response, approved or declined
   * - `abandoned`: sent once without waiting for a response
   */
  state: 'open' | 'acknowledged' | 'abandoned';
}

/** The payment in a response. */
export function receivedPayment({ body }: FinalResponse): ToldPayment {
  const parsed = JSON.parse(body) as ToldPayment | { readonly payment: ToldPayment };
  return 'payment' in parsed ? parsed.payment : parsed;
}
