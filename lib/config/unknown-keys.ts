import { distance } from 'fastest-levenshtein';

/** How many letters may be wrong, missing, swapped or too many before a key counts as a different word. */
const maxDistance = 2;
/** A shorter part of a key, such as `zone`, is too common to mean one of ours. */
const minPartLength = 5;

/**
 * The known key that `key` was probably meant to be; `undefined` when it resembles none.
 *
 * It recognises typing errors (`enviromentSuffix`), other cases and separators (`environment-suffix`) and left-out words (`domain`).
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

/** Whether `plain` is made of the first or of the last words of a key in camel case. */
function isPart(plain: string, candidate: string): boolean {
  const words = candidate.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  const ends = words.slice(1).flatMap((_, index) => [words.slice(0, index + 1), words.slice(index + 1)]);
  return ends.some((part) => part.join('') === plain);
}
