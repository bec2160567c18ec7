/** A payment as a client is told of it. */
export interface ToldPayment {
  readonly id: string;
  readonly status: string;
  readonly amountMinor: number;
  readonly capturedAmountMinor: number;
  readonly refundedAmountMinor: number;
  readonly currency: string;
}

/** A final answer, as it came. */
export interface Told {
  readonly status: number;
  readonly body: string;
}

/** One thing that a client wants done, under one key, and what it was told of it. */
export interface Intention {
  readonly merchantId: string;
  readonly key: string;
  readonly kind: 'create' | 'capture' | 'void' | 'refund';
  /** Of the payment that it is about; no two payments share one. Begins with what the acquirer shall do, and names the scenario. */
  readonly paymentToken: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Every final answer that came under the key; a client that asks again gets another one. */
  readonly told: Told[];
  /** What is wrong by itself: an answer that no client should get. */
  readonly surprises: string[];
  /** How often it was sent. */
  attempts: number;
  /** How often the answer was that it is there, and will be done: a promise as good as any. */
  accepted: number;
  /**
   * - `open`: still asked for, or never answered
   * - `acknowledged`: done, or declined by the acquirer, for ever
   * - `abandoned`: sent once; the client left without an answer
   */
  state: 'open' | 'acknowledged' | 'abandoned';
}

/** The payment that an answer tells of. */
export function toldPayment({ body }: Told): ToldPayment {
  const parsed = JSON.parse(body) as ToldPayment | { readonly payment: ToldPayment };
  return 'payment' in parsed ? parsed.payment : parsed;
}
