import { expect, test } from 'vitest';
import { sessionNameFor } from '../../src/db/group-session-name.ts';

const sessionOfAll = (ids: readonly string[]) => {
  const lines: unknown[] = [];
  const name = sessionNameFor(ids, { info: (line: unknown) => lines.push(line) });
  return { name, lines };
};

test('a session for one request has its correlation id, whatever the number of items', () => {
  expect(sessionOfAll(['order-4711', 'order-4711'])).toEqual({ name: 'order-4711', lines: [] });
});

test('a session for several requests has a new id, with which the log lists each correlation id once', () => {
  const { name, lines } = sessionOfAll(['order-4711', 'order-4712', 'order-4711']);
  expect(lines).toEqual([{ group: name, correlationIds: ['order-4711', 'order-4712'] }]);
  expect(['order-4711', 'order-4712']).not.toContain(name);
});
