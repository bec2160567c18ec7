import creditCardType from 'credit-card-type';
import { isValidIBAN } from 'ibantools';

/** Digits with at most three spaces or hyphens, of whatever kind, between any two of them. */
const runs = /[0-9](?:[\s\p{Pd}]{0,3}[0-9]){12,}/gu;
/** UUIDs, and hexadecimal words with digits between their letters: digests and ids, whose digits mean nothing. */
const identifiers =
  /(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9]*[a-f]+[0-9]+[a-f])[0-9a-f]+)(?![0-9a-z])/gi;
/** What may be an account number (ISO 13616), whole or in groups of four. */
const accounts = /(?<![0-9a-z])[a-z]{2}[0-9]{2}(?: ?[0-9a-z]{4}){2,7}(?: ?[0-9a-z]{1,3})?(?![0-9a-z])/gi;
const shortest = 13;
const longest = 19;
/** People who do not group digits as their card does use groups of at most this many. */
const shortGroup = 4;

/**
 * Whether a text holds what could be a card number: within an issuer's range, of that issuer's length, valid by Luhn, and written as
 * card numbers are, in one piece or in the groups that are printed on the card. Spaces and hyphens of every kind separate groups.
 *
 * Luhn alone accepts one number in ten: times in milliseconds, order numbers and bank references would be refused. The ranges and
 * lengths are those of `credit-card-type`. Visa's 13 digits, withdrawn long ago, are left out: one European article number in ten has them.
 *
 * Other digits may precede and follow, such as an expiry date, so each part of a run of digits is tried that begins and ends with a group.
 */
export function holdsCardNumber(text: string): boolean {
  if (text.length < shortest) return false;
  const withoutAccounts = text.replace(accounts, (match) => (isValidIBAN(match.replaceAll(' ', '')) ? '?' : match));
  return (withoutAccounts.replace(identifiers, '?').match(runs) ?? []).some((run) => {
    const groups = run.match(/[0-9]+/g) ?? [];
    return groups.some((_, first) => {
      let digits = '';
      for (let next = first; next < groups.length && digits.length < longest; next += 1) {
        digits += groups[next] ?? '';
        if (isCardNumber(digits, groups.slice(first, next + 1))) return true;
      }
      return false;
    });
  });
}

/**
 * The place of the first card number anywhere in a value, as a JSON pointer; `undefined` when there is none.
 *
 * Field names are searched too: a card number is refused wherever it hides.
 */
export function findCardNumber(value: unknown, pointer = ''): string | undefined {
  if (typeof value === 'string') return holdsCardNumber(value) ? pointer : undefined;
  if (typeof value === 'number' || typeof value === 'bigint')
    return holdsCardNumber(String(value)) ? pointer : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [index, [name, inner]] of Object.entries(value).entries()) {
    if (holdsCardNumber(name)) return `${pointer}/${index}`;
    const found = findCardNumber(inner, `${pointer}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isCardNumber(digits: string, groups: readonly string[]): boolean {
  if (digits.length < shortest || digits.length > longest || !passesLuhn(digits)) return false;
  return creditCardType(digits).some(
    ({ lengths, gaps }) => lengths.includes(digits.length) && isWrittenAsCard(groups, gaps),
  );
}

function isWrittenAsCard(groups: readonly string[], gaps: readonly number[]): boolean {
  if (groups.every(({ length }) => length <= shortGroup)) return true;
  let digits = 0;
  return groups.slice(0, -1).every(({ length }) => gaps.includes((digits += length)));
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const value = Number(digits[digits.length - 1 - index]) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
