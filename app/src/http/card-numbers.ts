/** Digits with at most three spaces or hyphens, of whatever kind, between any two of them. */
const runs = /[0-9](?:[\s\p{Pd}]{0,3}[0-9]){12,}/gu;
/** UUIDs, and hexadecimal words with digits between their letters: digests and ids, whose digits mean nothing. */
const identifiers =
  /(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9]*[a-f]+[0-9]+[a-f])[0-9a-f]+)(?![0-9a-z])/gi;
const shortest = 13;
const longest = 19;

/**
 * Whether a text holds what could be a card number: 13 to 19 digits, spaces and hyphens between them allowed, valid by Luhn.
 *
 * Other digits may stand before and after, such as an expiry date, so every part of a run of digits is tried that begins and ends where
 * a group of them does.
 */
export function holdsCardNumber(text: string): boolean {
  if (text.length < shortest) return false;
  return (text.replace(identifiers, '?').match(runs) ?? []).some((run) => {
    const groups = run.match(/[0-9]+/g) ?? [];
    return groups.some((_, first) => {
      let digits = '';
      for (let next = first; next < groups.length && digits.length < longest; next += 1) {
        digits += groups[next] ?? '';
        if (digits.length >= shortest && digits.length <= longest && passesLuhn(digits)) return true;
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

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const value = Number(digits[digits.length - 1 - index]) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
