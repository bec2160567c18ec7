/** The secrets of an account at Stripe. */
export interface StripeSecrets {
  /** `sk_…` or `rk_…` */
  readonly key: string;
  /** `whsec_…` of the webhook endpoint at Stripe; two of them while one is rolled. */
  readonly signingSecrets: readonly string[];
}

/** Parses the stored secrets: words, in any order, with white space between them. */
export function parseStripeSecrets(text: string): StripeSecrets {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const isSigning = (word: string) => word.startsWith('whsec_');
  return { key: words.find((word) => !isSigning(word)) ?? '', signingSecrets: words.filter(isSigning) };
}
