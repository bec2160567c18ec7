import type { Logger } from 'pino';
import Stripe from 'stripe';
import {
  type Acquirer,
  type AcquirerRequest,
  type AcquirerResponse,
  AcquirerTimeoutError,
  type AuthorizationRequest,
  type AuthorizationResponse,
  type FollowUpRequest,
} from '../acquirer.ts';
import { stripeAmount } from './stripe-amount.ts';
import { declineCodeOf } from './stripe-decline.ts';

export interface StripeAcquirerOptions {
  /** Reads Stripe's secret key, for each request, so that a replaced key takes effect without a restart. */
  readonly secretKey: () => Promise<string>;
  readonly logger: Logger;
  /** Where Stripe's API is, for tests. @default https://api.stripe.com */
  readonly address?: { readonly host: string; readonly port: number; readonly protocol: 'http' | 'https' };
  /** The timeout of one attempt; there are two. @default 2500 */
  readonly timeoutMilliseconds?: number;
}

/** Stripe forgets an idempotency key after 24 hours at the earliest. An older operation is looked up before it is sent. */
const keyLifetimeMilliseconds = 23 * 3_600_000;

const approved = (acquirerId: string): AcquirerResponse => ({ outcome: 'approved', acquirerId });
const declined = (...codes: (string | null | undefined)[]): AcquirerResponse => ({
  outcome: 'declined',
  declineCode: declineCodeOf(...codes),
});

/**
 * Card payments by Stripe: an authorization is a PaymentIntent that is confirmed at once. The payment token is the ID of a PaymentMethod,
 * so that card data never enters the platform.
 *
 * The reference of an operation is Stripe's idempotency key and, as `metadata.reference`, how it is found again when that key is
 * forgotten. What Stripe refuses is a decline. Whatever leaves the outcome open, such as a timeout or an error of Stripe's, is logged and
 * thrown as {@link AcquirerTimeoutError}; the recovery asks again.
 *
 * A card whose issuer demands 3-D Secure sends the customer to `next_action.redirect_to_url`, from which the browser comes back to the
 * request's `returnUrl`. Without one, the card is declined with `authentication_required`.
 *
 * @see https://docs.stripe.com/api/payment_intents
 * @see https://docs.stripe.com/api/idempotent_requests
 */
export class StripeAcquirer implements Acquirer {
  readonly #stripe: Stripe;
  readonly #logger: Logger;

  constructor({ secretKey, logger, address, timeoutMilliseconds = 2500 }: StripeAcquirerOptions) {
    this.#logger = logger;
    this.#stripe = new Stripe(undefined as unknown as string, {
      ...address,
      authenticator: async (request) => {
        request.headers['Authorization'] = `Bearer ${await secretKey()}`;
      },
      timeout: timeoutMilliseconds,
      maxNetworkRetries: 1,
      telemetry: false,
    });
  }

  authorize(request: AuthorizationRequest): Promise<AuthorizationResponse> {
    return this.#decide(request, async (amount) => {
      const intent = (await this.#authorizedBefore(request)) ?? (await this.#createIntent(request, amount));
      // The answer to a repeated request is the first one. Only the intent itself knows what the customer did.
      return authorizationOf(isOpen(intent) ? await this.#stripe.paymentIntents.retrieve(intent.id) : intent);
    });
  }

  capture(request: FollowUpRequest): Promise<AcquirerResponse> {
    const { acquirerId, reference } = request;
    return this.#decide(request, async (amount) => {
      const intent = await this.#stripe.paymentIntents
        .capture(acquirerId, { amount_to_capture: amount }, { idempotencyKey: reference })
        .catch((error: unknown) => this.#unlessInState(acquirerId, error));
      if (intent.status === 'canceled') return declined('charge_expired_for_capture');
      return intent.status === 'succeeded' && intent.amount_received === amount ? approved(intent.id) : undefined;
    });
  }

  void(request: FollowUpRequest): Promise<AcquirerResponse> {
    const { acquirerId, reference } = request;
    return this.#decide(request, async () => {
      const intent = await this.#stripe.paymentIntents
        .cancel(acquirerId, {}, { idempotencyKey: reference })
        .catch((error: unknown) => this.#unlessInState(acquirerId, error));
      return intent.status === 'canceled' ? approved(intent.id) : declined(intent.status);
    });
  }

  refund(request: FollowUpRequest): Promise<AcquirerResponse> {
    const { acquirerId, reference } = request;
    return this.#decide(request, async (amount) => {
      const earlier = isOld(reference) ? await this.#refundedBefore(request) : undefined;
      const refund =
        earlier ??
        (await this.#stripe.refunds.create(
          { payment_intent: acquirerId, amount, metadata: { reference } },
          { idempotencyKey: reference },
        ));
      // The answer to a repeated request is the first one. Only the refund itself knows what became of it.
      const { id, status, failure_reason } =
        refund.status === 'pending' ? await this.#stripe.refunds.retrieve(refund.id) : refund;
      if (status === 'succeeded') return approved(id);
      return status === 'failed' || status === 'canceled' ? declined(failure_reason) : undefined;
    });
  }

  #createIntent(
    { reference, currency, paymentToken, capture, returnUrl }: AuthorizationRequest,
    amount: number,
  ): Promise<Stripe.PaymentIntent> {
    return this.#stripe.paymentIntents.create(
      {
        amount,
        currency: currency.toLowerCase(),
        payment_method: paymentToken,
        allowed_payment_method_types: ['card'],
        capture_method: capture ? 'automatic' : 'manual',
        confirm: true,
        ...(returnUrl === undefined ? { error_on_requires_action: true } : { return_url: returnUrl }),
        metadata: { reference },
      },
      { idempotencyKey: reference },
    );
  }

  /** The intent of an operation whose idempotency key Stripe may have forgotten. */
  async #authorizedBefore({ reference }: AcquirerRequest): Promise<Stripe.PaymentIntent | undefined> {
    if (!isOld(reference)) return undefined;
    const { data } = await this.#stripe.paymentIntents.search({ query: `metadata["reference"]:"${reference}"` });
    return data.at(0);
  }

  async #refundedBefore({ reference, acquirerId }: FollowUpRequest): Promise<Stripe.Refund | undefined> {
    for await (const refund of this.#stripe.refunds.list({ payment_intent: acquirerId, limit: 100 })) {
      if (refund.metadata?.['reference'] === reference) return refund;
    }
    return undefined;
  }

  /** The intent, if Stripe refused a request because of its state: an earlier attempt may have been executed. */
  async #unlessInState(acquirerId: string, error: unknown): Promise<Stripe.PaymentIntent> {
    if (!(error instanceof Stripe.errors.StripeError) || error.code !== 'payment_intent_unexpected_state') throw error;
    return this.#stripe.paymentIntents.retrieve(acquirerId);
  }

  /** Asks Stripe. An `undefined` answer leaves the outcome open. */
  async #decide<Answer = AcquirerResponse>(
    { reference, amountMinor, currency }: AcquirerRequest,
    ask: (amount: number) => Promise<Answer | undefined>,
  ): Promise<Answer | AcquirerResponse> {
    const amount = stripeAmount(amountMinor, currency);
    if (amount === undefined) return { outcome: 'declined', declineCode: 'amount_not_supported' };
    try {
      const answer = await ask(amount);
      if (answer) return answer;
      throw new Error('Stripe has not decided yet.');
    } catch (error) {
      const refusal = refusalOf(error);
      const err = withoutRequest(error);
      if (refusal) {
        // Stripe's reasons are finer than ours, and some of them are faults of the configuration.
        this.#logger.info({ err, reference }, 'acquirer refused a request');
        return refusal;
      }
      this.#logger.warn({ err, reference }, 'acquirer request failed; its outcome is unknown');
      throw new AcquirerTimeoutError(reference, { cause: error });
    }
  }
}

/** Whether the customer, or the issuer, may still decide on an intent. */
const isOpen = ({ status }: Stripe.PaymentIntent) => status === 'requires_action' || status === 'processing';

function authorizationOf(intent: Stripe.PaymentIntent): AuthorizationResponse | undefined {
  const { status, last_payment_error: error, next_action: action, id } = intent;
  if (status === 'succeeded' || status === 'requires_capture') return approved(id);
  if (status === 'requires_payment_method') return declined(error?.decline_code, error?.code);
  if (status === 'canceled') return declined(error?.decline_code, error?.code, status);
  if (status !== 'requires_action') return undefined;
  const url = action?.redirect_to_url?.url;
  // Another kind of action needs the merchant's own page and Stripe's code in it.
  return url == null ? declined('authentication_required') : { outcome: 'action_required', acquirerId: id, url };
}

/** The decline that an error is: the issuer refused, or Stripe refused the request before it asked the issuer. */
function refusalOf(error: unknown): AcquirerResponse | undefined {
  const { StripeCardError, StripeInvalidRequestError } = Stripe.errors;
  const isRefusal = error instanceof StripeCardError || error instanceof StripeInvalidRequestError;
  // Another request with the same key is at work, so the outcome is open.
  return isRefusal && error.code !== 'idempotency_key_in_use' ? declined(error.decline_code, error.code) : undefined;
}

/** What may be logged of an error: its raw form repeats the request, with the payment token. */
const withoutRequest = (error: unknown) =>
  error instanceof Stripe.errors.StripeError
    ? {
        type: error.type,
        code: error.code,
        declineCode: error.decline_code,
        statusCode: error.statusCode,
        requestId: error.requestId,
      }
    : error;

/** Whether Stripe may have forgotten the key of an operation. References are UUIDs of version 7, which begin with their time (RFC 9562). */
function isOld(reference: string): boolean {
  const created = Number.parseInt(reference.replaceAll('-', '').slice(0, 12), 16);
  return Date.now() - created > keyLifetimeMilliseconds;
}
