const candidate = /(?<![0-9A-Za-z])[0-9](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z])/g;
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text holds what could be a card number: 13 to 19 digits, spaces and hyphens between them allowed, valid by Luhn. */
export function holdsCardNumber(text: string): boolean {
  if (uuid.test(text)) return false;
  return (text.match(candidate) ?? []).some((match) => passesLuhn(match.replace(/[ -]/g, '')));
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
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}
