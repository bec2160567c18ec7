import table from '../../../app/currencies.json';

/** The API's own table: what the browser's locale data say of a currency differs from one browser to the next. */
const currencyTable: Readonly<Record<string, { readonly minorUnits: number; readonly withdrawn?: string }>> = table;

/** How many digits of a currency follow the decimal point (ISO 4217): JPY 0, EUR 2, BHD 3. */
export function decimalsOf(currency: string): number {
  const entry = currencyTable[currency];
  if (!entry) throw new RangeError(`The currency ${currency} is not in the table of ISO 4217.`);
  return entry.minorUnits;
}

/** Every currency that a new payment may have. */
export const currencies: readonly string[] = Object.keys(currencyTable).filter(
  (code) => currencyTable[code]?.withdrawn === undefined,
);

/** Minor units as the plain decimal that a person types: `1050` EUR is `10.50`. No floating point is involved. */
export function toDecimal(amountMinor: number, currency: string): `${number}` {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals === 0 ? '' : `.${digits.slice(-decimals)}`;
  return `${amountMinor < 0 ? '-' : ''}${whole}${fraction}` as `${number}`;
}

/** Minor units as shown: `€10.50`. */
export function formatMoney(amountMinor: number, currency: string): string {
  const digits = decimalsOf(currency);
  const format = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat('en-GB', format).format(toDecimal(amountMinor, currency));
}

/**
 * Minor units of what a person typed.
 *
 * @throws RangeError with a sentence for the person when it is no positive amount of this currency
 */
export function parseAmount(text: string, currency: string): number {
  const decimals = decimalsOf(currency);
  const example = toDecimal(10 ** decimals * 12, currency);
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
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
