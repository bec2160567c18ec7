import Stripe from 'stripe';
import { validate as isUuid } from 'uuid';
import { type NoticeReader, NoticeRefusedError } from '../notices.ts';

/**
 * Stripe's webhooks. A notice is refused unless Stripe signed it within the last five minutes; Stripe signs each attempt anew.
 *
 * @see https://docs.stripe.com/webhooks/signature
 */
export class StripeNotices implements NoticeReader {
  readonly #signingSecrets: () => Promise<readonly string[]>;

  constructor(signingSecrets: () => Promise<readonly string[]>) {
    this.#signingSecrets = signingSecrets;
  }

  async referenceIn(body: Buffer, signature: string): Promise<string | undefined> {
    const event = verified(body, signature, await this.#signingSecrets());
    // PaymentIntents and refunds have the reference of their operation. Other objects may have none.
    const { metadata } = event.data.object as { readonly metadata?: Readonly<Record<string, string>> | null };
    const reference = metadata?.['reference'];
    return reference !== undefined && isUuid(reference) ? reference : undefined;
  }
}

/** The event that one of the secrets has signed. @throws NoticeRefusedError */
function verified(body: Buffer, signature: string, secrets: readonly string[]): Stripe.Event {
  let cause: unknown;
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(body, signature, secret);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw error;
      cause = error.message;
    }
  }
  throw new NoticeRefusedError({ cause });
}
