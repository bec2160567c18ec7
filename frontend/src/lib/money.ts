import table from '../../../app/currencies.json';
import { userLocale } from './locale.ts';

/** The table of the API, because the locale data of browsers differ. */
const currencyTable: Readonly<Record<string, { readonly minorUnits: number; readonly withdrawn?: string }>> = table;

/** The number of decimals of a currency (ISO 4217): JPY 0, EUR 2, BHD 3. */
export function decimalsOf(currency: string): number {
  const entry = currencyTable[currency];
  if (!entry) throw new RangeError(`Unknown currency ${currency}.`);
  return entry.minorUnits;
}

/** The currencies of new payments. */
export const currencies: readonly string[] = Object.keys(currencyTable).filter(
  (code) => currencyTable[code]?.withdrawn === undefined,
);

/** Formats minor units as a plain decimal: `1050` EUR is `10.50`. It uses no floating-point arithmetic. */
export function toDecimal(amountMinor: number, currency: string): `${number}` {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${amountMinor < 0 ? '-' : ''}${whole}${fraction}` as `${number}`;
}

/** Formats minor units for display, with the ISO code, because symbols are shared by several currencies: `EUR 10.50`. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = decimalsOf(currency);
  const format = {
    style: 'currency',
    currency,
    currencyDisplay: 'code',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  } as const;
  return new Intl.NumberFormat(userLocale(), format).format(toDecimal(amountMinor, currency));
}

/** The decimal mark of amounts, which may differ from that of other numbers, and the digits from 0 to 9 in the user's locale. */
function numerals(): { readonly mark: string; readonly digits: readonly string[] } {
  const parts = new Intl.NumberFormat(userLocale(), {
    style: 'currency',
    currency: 'EUR',
    useGrouping: false,
  }).formatToParts(1_234_567_890.5);
  const valueOf = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  const digits = Array.from(valueOf('integer'));
  return { mark: valueOf('decimal'), digits: [...digits.slice(-1), ...digits.slice(0, -1)] };
}

/** Formats minor units as the user enters them, without a grouping of digits: `1050` EUR is `10,50` in Germany. */
export function toEntry(amountMinor: number, currency: string): string {
  const { mark, digits } = numerals();
  return toDecimal(amountMinor, currency).replaceAll(/[.\d]/g, (sign) =>
    sign === '.' ? mark : (digits[Number(sign)] ?? ''),
  );
}

/** Replaces digits and decimal mark of the user's locale. A point that is no decimal mark there stays invalid: it may group digits. */
function fromLocale(text: string): string {
  const { mark, digits } = numerals();
  return Array.from(text, (sign) => {
    if (sign === mark) return '.';
    if (sign === '.') return '?';
    return digits.includes(sign) ? String(digits.indexOf(sign)) : sign;
  }).join('');
}

/**
 * Parses an amount that the user entered into minor units, with the decimal mark and the digits of the locale.
 *
 * @throws RangeError with a message for the user when it is not a positive amount of this currency
 */
export function parseAmount(text: string, currency: string): number {
  const decimals = decimalsOf(currency);
  const example = toEntry(10 ** decimals * 12, currency);
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(fromLocale(text.trim()));
  if (!match) throw new RangeError(`Enter an amount such as ${example}.`);
  const [, whole = '', fraction = ''] = match;
  if (fraction.length > decimals)
    throw new RangeError(
      decimals === 0 ? `${currency} has no decimals.` : `${currency} has at most ${decimals} decimals.`,
    );
  const amountMinor = Number(whole + fraction.padEnd(decimals, '0'));
  if (amountMinor === 0) throw new RangeError('Enter an amount above zero.');
  if (amountMinor > 999_999_999_999) throw new RangeError('This amount is too large.');
  return amountMinor;
}
