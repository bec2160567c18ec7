import { type Glob, globsIntersect } from '../../../lib/evidence/access/glob';
import type { Statement } from '../../../lib/evidence/access/statements';

/** What a request carries: a pattern for each condition key in lower case; `undefined` for a key that it does not carry. */
export type RequestContext = ReadonlyMap<string, Glob | undefined>;

/** Makes a context; keys are compared without case, as IAM does. */
export function requestContext(entries: Readonly<Record<string, Glob | undefined>>): RequestContext {
  return new Map(Object.entries(entries).map(([key, value]) => [key.toLowerCase(), value]));
}

/**
 * Whether all conditions of a statement hold.
 *
 * @throws on a key that the context does not mention and on an operator that is not modelled, so that nothing holds by accident
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionsHold({ conditions }: Statement, context: RequestContext): boolean {
  return conditions.every(([operator, key, wanted]) => {
    if (!context.has(key.toLowerCase()))
      throw new Error(`The condition key ${key} is not part of the modelled request.`);
    return holds(operator, context.get(key.toLowerCase()), wanted);
  });
}

const operators = /^(Null|Bool|(?:String|Arn)(?:Not)?(?:Equals|Like))(IfExists)?$/;

function holds(operator: string, actual: Glob | undefined, wanted: readonly string[]): boolean {
  const [, base, ifExists] = operators.exec(operator) ?? [];
  if (base === undefined) throw new Error(`The condition operator ${operator} is not modelled.`);
  if (base === 'Null') return wanted.includes(String(actual === undefined));
  const isNegated = base.includes('Not');
  if (actual === undefined) return isNegated || ifExists !== undefined;
  return wanted.some((each) => globsIntersect(each, actual)) !== isNegated;
}
