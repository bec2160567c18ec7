import { distance } from 'fastest-levenshtein';

/** The maximum edit distance of a typing error. */
const maxDistance = 2;
/** Shorter words, such as `zone`, are too common to suggest a key. */
const minPartLength = 5;

/**
 * The known key that `key` resembles most; `undefined` if it resembles none.
 *
 * Recognizes typing errors (`enviromentSuffix`), other cases and separators (`environment-suffix`) and omitted words (`domain`).
 */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  const plain = plainForm(key);
  const rewritten = known.find((candidate) => plainForm(candidate) === plain);
  const [nearest] = known
    .map((candidate) => ({ candidate, errors: distance(plainForm(candidate), plain) }))
    .filter(({ candidate, errors }) => errors <= Math.min(maxDistance, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.errors - b.errors);
  return (
    rewritten ??
    nearest?.candidate ??
    known.find((candidate) => plain.length >= minPartLength && isPart(plain, candidate))
  );
}

function plainForm(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Whether `plain` consists of the first or the last words of a camel-case key. */
function isPart(plain: string, candidate: string): boolean {
  const words = candidate.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  const ends = words.slice(1).flatMap((_, index) => [words.slice(0, index + 1), words.slice(index + 1)]);
  return ends.some((part) => part.join('') === plain);
}
