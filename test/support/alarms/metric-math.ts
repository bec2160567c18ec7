import { parseMetricMath, type Term } from './parse-metric-math';

/** Values of consecutive periods, oldest first; `undefined` where a period has no data point. */
export type Series = readonly (number | undefined)[];

type Value = number | Series;

/** An alarm evaluates its expression hundreds of times. */
const parsed = new Map<string, Term>();

/**
 * Evaluates a metric math expression, period by period.
 *
 * Arithmetic and comparisons between two series treat a missing value as 0; against a scalar a missing value stays missing.
 * Division by zero drops the data point.
 *
 * @throws when the expression uses a function that is not implemented here, or is not a series
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluateMetricMath(expression: string, periods: number, seriesOf: (id: string) => Series): Series {
  const term = parsed.get(expression) ?? parseMetricMath(expression);
  parsed.set(expression, term);
  const result = valueOf(term, { periods, seriesOf });
  if (typeof result === 'number') throw new Error(`'${expression}' is a scalar; an alarm needs a time series.`);
  return result;
}

interface Scope {
  readonly periods: number;
  readonly seriesOf: (id: string) => Series;
}

type Operation = (left: number, right: number) => number | undefined;

const truth = (holds: boolean) => (holds ? 1 : 0);

const operations: Readonly<Record<string, Operation>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? undefined : left / right),
  '>': (left, right) => truth(left > right),
  '>=': (left, right) => truth(left >= right),
  '<': (left, right) => truth(left < right),
  '<=': (left, right) => truth(left <= right),
  '==': (left, right) => truth(left === right),
  '!=': (left, right) => truth(left !== right),
  AND: (left, right) => truth(left !== 0 && right !== 0),
  '&&': (left, right) => truth(left !== 0 && right !== 0),
  OR: (left, right) => truth(left !== 0 || right !== 0),
  '||': (left, right) => truth(left !== 0 || right !== 0),
};

function valueOf(term: Term, scope: Scope): Value {
  if ('number' in term) return term.number;
  if ('id' in term) return scope.seriesOf(term.id);
  if ('operator' in term) return combine(term.operator, valueOf(term.left, scope), valueOf(term.right, scope), scope);
  const args = term.args.map((each) => valueOf(each, scope));
  if (term.call === 'FILL') return fill(args, scope);
  if (term.call === 'IF') return choose(args, scope);
  throw new Error(`The metric math function ${term.call} is not implemented here; add it with AWS's semantics.`);
}

function combine(operator: string, left: Value, right: Value, { periods }: Scope): Value {
  const operation = operations[operator];
  if (!operation) throw new Error(`The metric math operator ${operator} is not implemented here.`);
  if (typeof left === 'number' && typeof right === 'number') return operation(left, right) ?? Number.NaN;
  return each(periods, (index) => {
    const [one, other] = [at(left, index), at(right, index)];
    const isMissing =
      typeof left === 'number' || typeof right === 'number'
        ? one === undefined || other === undefined
        : one === undefined && other === undefined;
    return isMissing ? undefined : operation(one ?? 0, other ?? 0);
  });
}

/** Replaces missing values, also where the series has no data point at all. */
function fill([series, filler]: readonly Value[], { periods }: Scope): Series {
  if (series === undefined || typeof filler !== 'number')
    throw new Error('FILL is implemented for FILL(series, scalar).');
  return each(periods, (index) => at(series, index) ?? filler);
}

/** A missing condition drops the data point; a true one with a missing value gives 0; a false one without an alternative drops it. */
function choose([condition, then, otherwise]: readonly Value[], { periods }: Scope): Series {
  if (condition === undefined || then === undefined) throw new Error('IF needs a condition and a value.');
  return each(periods, (index) => {
    const holds = at(condition, index);
    if (holds === undefined) return undefined;
    if (holds !== 0) return at(then, index) ?? 0;
    return otherwise === undefined ? undefined : at(otherwise, index);
  });
}

function at(value: Value, index: number): number | undefined {
  return typeof value === 'number' ? value : value[index];
}

function each(periods: number, valueAt: (index: number) => number | undefined): Series {
  return Array.from({ length: periods }, (_, index) => valueAt(index));
}
