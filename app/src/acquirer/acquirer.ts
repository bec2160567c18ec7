/** The fields of every request to the acquirer. */
export interface AcquirerRequest {
  /** The idempotency key of the operation. Every retry uses the same one, and the acquirer executes it at most once. */
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface AuthorizationRequest extends AcquirerRequest {
  readonly paymentToken: string;
  /** Whether to capture the amount immediately. */
  readonly capture: boolean;
  /** Where the customer's browser returns after authentication. Without it, a card that demands authentication is declined. */
  readonly returnUrl?: string;
}

/** A capture, void or refund of an authorization. */
export interface FollowUpRequest extends AcquirerRequest {
  /** The acquirer's id of the authorization. */
  readonly acquirerId: string;
}

/** The acquirer's decision. */
export type AcquirerResponse =
  | { readonly outcome: 'approved'; readonly acquirerId: string }
  | { readonly outcome: 'declined'; readonly declineCode: string };

/** The issuer of the card demands that the customer authenticates, by 3-D Secure. */
export interface ActionRequired {
  readonly outcome: 'action_required';
  readonly acquirerId: string;
  /** The page on which the customer authenticates. Absolute, or relative to the address of the API. */
  readonly url: string;
}

export type AuthorizationResponse = AcquirerResponse | ActionRequired;

/**
 * The acquirer: the merchant's bank, which authorizes and settles card payments.
 *
 * Every method is idempotent by `reference` and can be retried after a crash or timeout. A repeated authorization returns its current state:
 * `action_required` until the customer has authenticated or given up, and then the decision. A void ends an authorization in that state, too.
 *
 * @throws AcquirerTimeoutError when the outcome is unknown
 */
export interface Acquirer {
  authorize(request: AuthorizationRequest): Promise<AuthorizationResponse>;
  capture(request: FollowUpRequest): Promise<AcquirerResponse>;
  void(request: FollowUpRequest): Promise<AcquirerResponse>;
  refund(request: FollowUpRequest): Promise<AcquirerResponse>;
}

/** The acquirer gave no valid response in time, so the outcome is unknown. */
export class AcquirerTimeoutError extends Error {
  constructor(reference: string, options?: ErrorOptions) {
    super(`The acquirer did not answer request ${reference} in time. Retry it with the same reference.`, options);
    this.name = 'AcquirerTimeoutError';
  }
}
