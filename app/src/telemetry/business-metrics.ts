/** Records business metrics. They contain no merchant, card or amount. */
export interface BusinessMetrics {
  paymentProcessed(outcome: 'approved' | 'declined', durationMilliseconds: number): void;
  /** @param durationMilliseconds the time since the API accepted the payment */
  queuedPaymentFinished(outcome: 'approved' | 'declined', durationMilliseconds: number): void;
  /** A payment request was sent to the dead-letter queue. */
  queuedPaymentFailed(): void;
  refundProcessed(): void;
  requestEnded(statusCode: number, durationMilliseconds: number): void;
  /** Requests that were refused in one second because the API was overloaded. They are not part of `requestEnded`. */
  requestsRefused(count: number): void;
  outboxLag(seconds: number): void;
  /** The chains of the ledger were verified. */
  ledgerChecked(findings: number): void;
  /** How long the longest due webhook has waited for an attempt, endpoints that fail left out. */
  webhookLag(seconds: number): void;
  /** A webhook was given up after three days of attempts. */
  webhookParked(): void;
}

/** Records nothing. */
export const noMetrics: BusinessMetrics = {
  paymentProcessed: () => undefined,
  queuedPaymentFinished: () => undefined,
  queuedPaymentFailed: () => undefined,
  refundProcessed: () => undefined,
  requestEnded: () => undefined,
  requestsRefused: () => undefined,
  outboxLag: () => undefined,
  ledgerChecked: () => undefined,
  webhookLag: () => undefined,
  webhookParked: () => undefined,
};
