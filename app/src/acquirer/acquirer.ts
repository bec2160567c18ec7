/** What every call to the acquirer carries. */
export interface AcquirerRequest {
  /** Ours, and the same in every retry: the acquirer does at most once what it is asked for under one reference. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
}

/** Asks to reserve an amount, or to take it at once. */
export interface AuthorizationRequest extends AcquirerRequest {
  readonly paymentToken: string;
  readonly capture: boolean;
}

/** Asks for something about an authorization that was given. */
export interface FollowUpRequest extends AcquirerRequest {
  readonly acquirerId: string;
}

/** The acquirer's decision. */
export type AcquirerAnswer =
  | { readonly outcome: 'approved'; readonly acquirerId: string }
  | { readonly outcome: 'declined'; readonly declineCode: string };

/**
 * The bank on the other side of a card payment.
 *
 * Every call is idempotent by its reference, and may be repeated after a crash or a time-out.
 */
export interface Acquirer {
  authorize(request: AuthorizationRequest): Promise<AcquirerAnswer>;
  capture(request: FollowUpRequest): Promise<AcquirerAnswer>;
  void(request: FollowUpRequest): Promise<AcquirerAnswer>;
  refund(request: FollowUpRequest): Promise<AcquirerAnswer>;
}

/** The acquirer gave no answer in time that can be used: whether it did what it was asked for is not known. */
export class AcquirerTimeoutError extends Error {
  constructor(reference: string, options?: ErrorOptions) {
    super(`The acquirer did not answer request ${reference} in time. Retry it with the same reference.`, options);
    this.name = 'AcquirerTimeoutError';
  }
}
