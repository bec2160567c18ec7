/** What the business wants to know of each minute. Nothing here names a merchant, a card or an amount. */
export interface BusinessMetrics {
  paymentProcessed(outcome: 'approved' | 'declined', durationMilliseconds: number): void;
  refundProcessed(): void;
  requestEnded(statusCode: number, durationMilliseconds: number): void;
  outboxLag(seconds: number): void;
}

/** Counts nothing, for tests that look elsewhere. */
export const noMetrics: BusinessMetrics = {
  paymentProcessed: () => undefined,
  refundProcessed: () => undefined,
  requestEnded: () => undefined,
  outboxLag: () => undefined,
};
