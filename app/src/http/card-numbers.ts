import creditCardType from 'credit-card-type';
import { isValidIBAN } from 'ibantools';

/** At least 13 digits with up to three spaces or hyphens of any kind between two digits. */
const runs = /[0-9](?:[\s\p{Pd}]{0,3}[0-9]){12,}/gu;
/** UUIDs, and hexadecimal words with digits between letters, such as digests and ids. */
const identifiers =
  /(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9]*[a-f]+[0-9]+[a-f])[0-9a-f]+)(?![0-9a-z])/gi;
/** Candidates for an IBAN (ISO 13616), with or without groups of four. */
const accounts = /(?<![0-9a-z])[a-z]{2}[0-9]{2}(?: ?[0-9a-z]{4}){2,7}(?: ?[0-9a-z]{1,3})?(?![0-9a-z])/gi;
const shortest = 13;
const longest = 19;
/** Groups of up to this many digits are accepted in any arrangement, because not everyone groups digits as the card does. */
const shortGroup = 4;

/**
 * Whether a text contains a possible card number: in an issuer's range and length, valid by Luhn, and written in one piece or in the groups
 * of the card. Spaces and hyphens of any kind separate groups.
 *
 * Luhn alone accepts one number in ten, including timestamps, order numbers and bank references. Ranges and lengths come from
 * `credit-card-type`. Visa's obsolete 13 digits are not accepted, because one EAN in ten would match.
 *
 * Other digits, such as an expiry date, may precede or follow, so every sequence of groups within a run of digits is tested.
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

/** Returns the JSON pointer of the first card number in a value, including field names; `undefined` if there is none. */
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
