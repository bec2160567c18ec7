import table from '../../currencies.json' with { type: 'json' };

interface Currency {
  /** Digits after the decimal point: JPY 0, EUR 2, BHD 3. */
  readonly minorUnits: number;
  /** The date on which ISO withdrew the code. Earlier payments keep it. */
  readonly withdrawn?: string;
}

/** The currencies of ISO 4217, list one, without funds codes and metals. The console reads the same table. */
const currencies: Readonly<Record<string, Currency>> = table;

/** The currency codes of new payments. */
export const offeredCurrencies: readonly string[] = Object.entries(currencies)
  .filter(([, { withdrawn }]) => withdrawn === undefined)
  .map(([code]) => code);

/** The digits after the decimal point of a currency. @throws when the code is unknown, because a wrong amount is worse than none */
export function minorUnitsOf(code: string): number {
  const currency = currencies[code];
  if (!currency) throw new Error(`The currency ${code} is not in currencies.json. Add it with its minor units.`);
  return currency.minorUnits;
}
