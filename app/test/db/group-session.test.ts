import { expect, test } from 'vitest';
import { sessionOf } from '../../src/db/group-session.ts';

const sessionOfAll = (ids: readonly string[]) => {
  const lines: unknown[] = [];
  const name = sessionOf(ids, { info: (line: unknown) => lines.push(line) });
  return { name, lines };
};

test('a session that works for one request has its name, however much of it there is to do', () => {
  expect(sessionOfAll(['order-4711', 'order-4711'])).toEqual({ name: 'order-4711', lines: [] });
});

test('one that works for several has a name of its own, under which the log lists each of them once', () => {
  const { name, lines } = sessionOfAll(['order-4711', 'order-4712', 'order-4711']);
  expect(lines).toEqual([{ group: name, correlationIds: ['order-4711', 'order-4712'] }]);
  expect(['order-4711', 'order-4712']).not.toContain(name);
});
