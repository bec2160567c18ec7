import { readCompositeRule } from '../support/alarms/composite-rule';

const read = (text: string) => readCompositeRule(text, (name) => (name === 'unknown' ? undefined : name));

test.each([
  ['ALARM("a")', ['a']],
  ['(ALARM("a") OR ALARM("b"))', ['b']],
  ['((ALARM("a") AND ALARM("b")) OR (ALARM("c") AND ALARM("d")))', ['c', 'd']],
  ['ALARM("a") AND ALARM("b") AND ALARM("c")', ['a', 'b', 'c']],
])('%s holds while %j are in ALARM, and without one of them no more', (text, firing) => {
  const { holds } = read(text);
  expect(holds(new Set(firing))).toBe(true);
  for (const ended of firing) expect(holds(new Set(firing.filter((alarm) => alarm !== ended)))).toBe(false);
});

test('lists the alarms of a rule', () => {
  expect(read('(ALARM("a") AND ALARM("b")) OR ALARM("c")').children).toEqual(['a', 'b', 'c']);
});

test.each([
  '',
  'NOT ALARM("a")',
  'OK("a")',
  'ALARM("a") AND ALARM("b") OR ALARM("c")',
  '(ALARM("a")',
  'ALARM("a") ALARM("b")',
])('refuses %j', (text) => {
  expect(() => read(text)).toThrow('is no rule of ALARM, AND and OR with parentheses');
});

test('refuses an alarm that no template has', () => {
  expect(() => read('ALARM("unknown")')).toThrow("'unknown', which is no alarm");
});
