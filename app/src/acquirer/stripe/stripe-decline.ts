/**
 * Our decline codes for Stripe's. All others become `card_declined`.
 *
 * `fraudulent` and the codes of blocked cards are not passed on: Stripe asks to show them to nobody, because they would tell a thief what
 * gave the card away.
 *
 * @see https://docs.stripe.com/declines/codes
 */
const declineCodes: Readonly<Record<string, string>> = {
  amount_too_large: 'amount_too_large',
  amount_too_small: 'amount_too_small',
  authentication_required: 'authentication_required',
  canceled: 'authentication_abandoned',
  card_not_supported: 'card_not_supported',
  card_velocity_exceeded: 'limit_exceeded',
  charge_already_refunded: 'already_refunded',
  charge_expired_for_capture: 'authorization_expired',
  currency_not_supported: 'currency_not_supported',
  do_not_honor: 'do_not_honor',
  expired_card: 'expired_card',
  incorrect_cvc: 'incorrect_cvc',
  incorrect_zip: 'incorrect_postal_code',
  insufficient_funds: 'insufficient_funds',
  invalid_account: 'invalid_account',
  invalid_cvc: 'incorrect_cvc',
  invalid_expiry_month: 'expired_card',
  invalid_expiry_year: 'expired_card',
  lost_card: 'lost_card',
  payment_intent_authentication_failure: 'authentication_failed',
  processing_error: 'processing_error',
  resource_missing: 'unknown_token',
  stolen_card: 'stolen_card',
  withdrawal_count_limit_exceeded: 'limit_exceeded',
};

/** The decline code of an error, from the first of Stripe's codes that is known: the issuer's reason, then the error's. */
export function declineCodeOf(...codes: readonly (string | null | undefined)[]): string {
  return codes.flatMap((code) => (code == null ? [] : (declineCodes[code] ?? []))).at(0) ?? 'card_declined';
}
