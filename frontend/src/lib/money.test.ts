import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { currencies, decimalsOf, formatMoney, parseAmount, toDecimal, toEntry } from './money.ts';

const inLocale = (locale: string) => vi.spyOn(navigator, 'language', 'get').mockReturnValue(locale);
afterEach(() => {
  vi.restoreAllMocks();
});

const currency = fc.constantFrom(...currencies);
const amountMinor = fc.integer({ min: 1, max: 999_999_999_999 });

test('formatting and parsing are inverse in every currency', () => {
  fc.assert(
    fc.property(currency, amountMinor, (code, amount) => {
      expect(parseAmount(toDecimal(amount, code), code)).toBe(amount);
    }),
  );
});

test('a parsed amount is always a positive safe integer', () => {
  fc.assert(
    fc.property(currency, fc.oneof(fc.string(), fc.stringMatching(/^\d{1,14}(\.\d{0,5})?$/)), (code, text) => {
      try {
        const amount = parseAmount(text, code);
        expect(Number.isSafeInteger(amount) && amount > 0).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }),
  );
});

test.each([
  ['10.5', 'EUR', 1050],
  ['0.29', 'EUR', 29],
  ['1.1', 'USD', 110],
  ['500', 'JPY', 500],
  ['1.005', 'BHD', 1005],
  [' 7 ', 'EUR', 700],
])('%s %s is %d minor units', (text, code, amount) => {
  expect(parseAmount(text, code)).toBe(amount);
});

describe('an invalid amount is rejected with a hint', () => {
  test.each([
    ['', 'EUR', 'Enter an amount such as 12.00.'],
    ['1,50', 'EUR', 'Enter an amount such as 12.00.'],
    ['-1', 'EUR', 'Enter an amount such as 12.00.'],
    ['1e3', 'EUR', 'Enter an amount such as 12.00.'],
    ['ten', 'JPY', 'Enter an amount such as 12.'],
    ['1.5', 'JPY', 'JPY has no decimals.'],
    ['1.505', 'EUR', 'EUR has at most 2 decimals.'],
    ['0.00', 'EUR', 'Enter an amount above zero.'],
    ['99999999999', 'EUR', 'This amount is too large.'],
  ])('%j in %s', (text, code, message) => {
    expect(() => parseAmount(text, code)).toThrow(new RangeError(message));
  });
});

test.each([
  ['HUF', 2, 'HUF\u00a010.50', 1050],
  ['IQD', 3, 'IQD\u00a01.050', 1050],
  ['ISK', 0, 'ISK\u00a01,050', 1050],
  ['LBP', 2, 'LBP\u00a010.50', 1050],
])('%s has %d decimals, whatever the locale data', (code, decimals, shown, amount) => {
  expect(decimalsOf(code)).toBe(decimals);
  expect(formatMoney(amount, code)).toBe(shown);
});

test('a withdrawn currency is displayed, but not offered for new payments', () => {
  expect(formatMoney(1050, 'BGN')).toBe('BGN\u00a010.50');
  expect(currencies).not.toContain('BGN');
  expect(() => decimalsOf('HRK')).toThrow('Unknown currency HRK.');
});

test('amounts are formatted exactly, with the decimals of their currency', () => {
  expect(formatMoney(1050, 'EUR')).toBe('EUR\u00a010.50');
  expect(formatMoney(-5, 'EUR')).toBe('-EUR\u00a00.05');
  expect(formatMoney(500, 'JPY')).toBe('JPY\u00a0500');
  expect(formatMoney(1005, 'BHD')).toBe('BHD\u00a01.005');
  expect(formatMoney(9_007_199_254_740_991, 'EUR')).toBe('EUR\u00a090,071,992,547,409.91');
  expect([decimalsOf('JPY'), decimalsOf('EUR'), decimalsOf('BHD')]).toEqual([0, 2, 3]);
});

describe.each([
  ['de-DE', '10,50', '10.50', '10,50\u00a0EUR'],
  ['ar-EG', '١٠٫٥٠', '10.50', '\u200f١٠٫٥٠\u00a0EUR'],
])('in %s', (locale, entry, withPoint, shown) => {
  test('an amount is entered and shown as there', () => {
    inLocale(locale);
    expect(toEntry(1050, 'EUR')).toBe(entry);
    expect(parseAmount(entry, 'EUR')).toBe(1050);
    expect(formatMoney(1050, 'EUR')).toBe(shown);
  });

  test('a point is refused, because it could group digits', () => {
    inLocale(locale);
    expect(() => parseAmount(withPoint, 'EUR')).toThrow(`Enter an amount such as ${toEntry(1200, 'EUR')}.`);
  });
});

test('amounts have a point where other numbers have a comma', () => {
  inLocale('fr-CH');
  expect(parseAmount('10.50', 'EUR')).toBe(1050);
  expect(formatMoney(1050, 'EUR')).toBe('10.50\u00a0EUR');
});

test('what is entered in any locale is parsed to the same amount', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('en-US', 'de-DE', 'ar-EG', 'he-IL', 'hi-IN', 'fa-IR'),
      currency,
      amountMinor,
      (locale, code, amount) => {
        inLocale(locale);
        expect(parseAmount(toEntry(amount, code), code)).toBe(amount);
      },
    ),
  );
});
