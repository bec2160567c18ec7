import { globMatches, globsIntersect } from './glob';
import type { Statement } from './statements';

/** Whether conditions hold: `maybe` depends on a request that the templates do not tell. */
export type Answer = 'yes' | 'maybe' | 'no';

/** What is known of a request, by condition key in lower case. Keys that are absent may have any value. */
export type RequestFacts = Readonly<Record<string, string>>;

/** Whether all conditions of a statement hold. */
export function conditionsHold({ conditions }: Statement, facts: RequestFacts): Answer {
  const answers = conditions.map(([operator, key, wanted]) => holds(operator, facts[key.toLowerCase()], wanted));
  if (answers.includes('no')) return 'no';
  return answers.includes('maybe') ? 'maybe' : 'yes';
}

/** The operators of text; of the others, a request decides. */
const operators =
  /^(?:ForA(?:ny|ll)Values:)?(Null|Bool|(?:String|Arn)(Not)?(?:Equals|Like))(?:IgnoreCase)?(?:IfExists)?$/;

function holds(operator: string, actual: string | undefined, wanted: readonly string[]): Answer {
  const [, base, negation] = operators.exec(operator) ?? [];
  if (base === undefined || actual === undefined) return 'maybe';
  if (base === 'Null') return wanted.includes('false') ? 'yes' : 'no';
  if (wanted.some((each) => globMatches(each, actual))) return negation === undefined ? 'yes' : 'no';
  // A value that only a deployment knows, `*`, may still match.
  if (wanted.some((each) => globsIntersect(each, actual))) return 'maybe';
  return negation === undefined ? 'no' : 'yes';
}

/** The conditions that a request must still meet, for people: `kms:ViaService StringEquals s3.eu-south-2.amazonaws.com`. */
export function openConditions({ conditions }: Statement, facts: RequestFacts): string[] {
  return conditions
    .filter(([operator, key, wanted]) => holds(operator, facts[key.toLowerCase()], wanted) === 'maybe')
    .map(([operator, key, wanted]) => `${key} ${operator} ${wanted.join(' | ')}`);
}
