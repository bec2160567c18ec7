/** What the business wants to know of each minute. Nothing here names a merchant, a card or an amount. */
export interface BusinessMetrics {
  paymentProcessed(outcome: 'approved' | 'declined', durationMilliseconds: number): void;
  /** A payment that was queued is decided, so long after it was accepted. */
  queuedPaymentFinished(outcome: 'approved' | 'declined', durationMilliseconds: number): void;
  /** The request for a payment went to the dead letters. */
  queuedPaymentFailed(): void;
  refundProcessed(): void;
  requestEnded(statusCode: number, durationMilliseconds: number): void;
  /** Requests that were refused in one second because the API was overloaded. They are not part of `requestEnded`. */
  requestsRefused(count: number): void;
  outboxLag(seconds: number): void;
}

/** Counts nothing, for tests that look elsewhere. */
export const noMetrics: BusinessMetrics = {
  paymentProcessed: () => undefined,
  queuedPaymentFinished: () => undefined,
  queuedPaymentFailed: () => undefined,
  refundProcessed: () => undefined,
  requestEnded: () => undefined,
  requestsRefused: () => undefined,
  outboxLag: () => undefined,
};
