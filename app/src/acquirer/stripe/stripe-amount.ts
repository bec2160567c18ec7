import { minorUnitsOf } from '../../payments/currencies.ts';

/**
 * Digits after the decimal point of the currencies that Stripe counts otherwise than ISO 4217.
 *
 * @see https://docs.stripe.com/currencies#special-cases
 */
const stripeDigits: Readonly<Record<string, number>> = { ISK: 2, MGA: 0, UGX: 2 };

/** Stripe rounds these currencies to the tenth of their minor unit, or to whole units, so that it refuses other amounts. */
const stripeStep: Readonly<Record<string, number>> = {
  ISK: 100,
  UGX: 100,
  BHD: 10,
  JOD: 10,
  KWD: 10,
  OMR: 10,
  TND: 10,
};

/** An amount as Stripe's API expects it. `undefined` when Stripe cannot charge exactly this amount in this currency. */
export function stripeAmount(amountMinor: number, currency: string): number | undefined {
  const amount = amountMinor * 10 ** ((stripeDigits[currency] ?? minorUnitsOf(currency)) - minorUnitsOf(currency));
  return Number.isInteger(amount) && amount % (stripeStep[currency] ?? 1) === 0 ? amount : undefined;
}
