import { evaluateMetricMath, type Series } from '../support/alarms/metric-math';

const _ = undefined;

const evaluate = (expression: string, series: Readonly<Record<string, Series>>) =>
  evaluateMetricMath(expression, 5, (id) => series[id] ?? [_, _, _, _, _]);

// The examples of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
const condition = [1, 1, 0, 0, _];
test.each<[string, Record<string, Series>, Series]>([
  ['metric1 < metric2', { metric1: [30, 20, 0, 0, _], metric2: [20, _, 20, _, _] }, [0, 0, 1, 0, _]],
  ['metric1 >= 30', { metric1: [30, 20, 0, 0, _] }, [1, 0, 0, 0, _]],
  ['metric1 > 15 AND metric2 > 15', { metric1: [30, 20, 0, 0, _], metric2: [20, _, 20, _, _] }, [1, 0, 0, 0, _]],
  ['IF(a, b, c)', { a: condition, b: [30, _, 0, 0, 30], c: [0, 0, 20, _, 20] }, [30, 0, 20, _, _]],
  ['IF(a, 5, c)', { a: condition, c: [0, 0, 20, _, 20] }, [5, 5, 20, _, _]],
  ['IF(a, b, 5)', { a: condition, b: [30, _, 0, 0, 30] }, [30, 0, 5, 5, _]],
  ['IF(a < 400, a)', { a: [399, 400, _, 1, 2] }, [399, _, _, 1, 2]],
])('%s', (expression, series, expected) => {
  expect(evaluate(expression, series)).toEqual(expected);
});

test.each<[string, Series]>([
  ['FILL(gone, 0)', [0, 0, 0, 0, 0]],
  ['FILL(a, 7)', [1, 7, 3, 7, 5]],
  ['a + b', [3, 2, 3, _, 5]],
  ['100 * a', [100, _, 300, _, 500]],
  ['b / a', [2, _, 0, _, 0]],
  ['1 + 2 * 3 - a', [6, _, 4, _, 2]],
  ['-(a) * 2', [-2, _, -6, _, -10]],
  ['a > 0 && b > 0 || a == 5', [1, 0, 0, _, 1]],
])('%s', (expression, expected) => {
  expect(evaluate(expression, { a: [1, _, 3, _, 5], b: [2, 2, _, _, _] })).toEqual(expected);
});

test.each([
  ['SUM(a)', /function SUM is not implemented/],
  ['1 + 2', /is a scalar/],
  ['a +', /ends too early/],
  ['a b', /unexpected 'b'/],
  ['(a', /expected '\)'/],
  ['a ? b', /cannot read/],
])('refuses %s', (expression, message) => {
  expect(() => evaluate(expression, {})).toThrow(message);
});
