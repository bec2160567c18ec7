import { minorUnitsOf } from '../payments/currencies.ts';

/** Formats an amount in minor units as a decimal with the digits of its currency: 1050 EUR as `10.50`, 1050 JPY as `1050`. */
export function decimalAmount(amountMinor: number, currency: string): string {
  const digits = minorUnitsOf(currency);
  if (digits === 0) return String(amountMinor);
  const text = String(amountMinor).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
