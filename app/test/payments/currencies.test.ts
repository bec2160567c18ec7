import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import table from '../../currencies.json' with { type: 'json' };
import { offeredCurrencies } from '../../src/payments/currencies.ts';

/** ISO 4217 list one of 2024-06-25, from the npm package. */
const listOne = readFileSync(
  join(dirname(createRequire(import.meta.url).resolve('currency-codes/package.json')), 'iso-4217-list-one.xml'),
  'utf8',
);
const minorUnits = new Map(
  [...listOne.matchAll(/<CcyNtry>([\s\S]*?)<\/CcyNtry>/g)].flatMap(([, entry = '']) => {
    const code = /<Ccy>([A-Z]{3})</.exec(entry)?.[1];
    const digits = /<CcyMnrUnts>(\d)</.exec(entry)?.[1];
    const isFund = /IsFund="true"/i.test(entry);
    return code === undefined || digits === undefined || isFund ? [] : [[code, Number(digits)] as const];
  }),
);

/** The changes since that list: XCG replaced ANG, and Bulgaria adopted the euro. */
const added = ['XCG'];
const withdrawn = ['ANG', 'BGN'];

describe('the table of currencies', () => {
  test('has the minor units of ISO 4217', () => {
    const ours = Object.entries(table).filter(([code]) => !added.includes(code));
    expect(ours.map(([code, currency]) => [code, currency.minorUnits])).toEqual([...minorUnits].sort());
    expect(table).toMatchObject({ HUF: { minorUnits: 2 }, IQD: { minorUnits: 3 }, JPY: { minorUnits: 0 } });
  });

  test('offers no withdrawn code, fund or metal for new payments', () => {
    const offered = [...minorUnits.keys(), ...added].filter((code) => !withdrawn.includes(code)).sort();
    expect(offeredCurrencies).toEqual(offered);
    for (const code of ['HRK', 'ANG', 'ZWL', 'SLL', 'BGN', 'CLF', 'XAU', 'XTS', 'XXX']) {
      expect(offeredCurrencies).not.toContain(code);
    }
  });
});
