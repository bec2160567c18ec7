import { isNeeded, nameOf, notNeeded, type RoleStatement, shuffled } from './role-statements';

const statement = (index: number, more: Partial<RoleStatement>): RoleStatement => ({
  role: 'writer',
  policy: 'grants',
  index,
  actions: ['secretsmanager:PutSecretValue'],
  ran: true,
  alone: [],
  shared: [],
  ...more,
});

test('reports a statement as needed if only it allows a call', () => {
  expect(isNeeded(statement(0, { alone: ['kms:Decrypt on key'] }))).toBe(true);
  expect(isNeeded(statement(0, { shared: ['kms:Decrypt on key'] }))).toBe(false);
});

test('lists every other statement with a reason', () => {
  const listed = notNeeded([
    statement(0, { alone: ['kms:Decrypt on key'] }),
    statement(1, { shared: ['kms:Decrypt on key'] }),
    statement(2, {}),
    statement(3, { ran: false }),
  ]);
  expect(listed.split('\n')).toEqual([
    'not needed by this run, because another statement of the role allows the same:',
    '  writer, grants, statement 2: secretsmanager:PutSecretValue',
    'not needed by this run, because the role made no such call:',
    '  writer, grants, statement 3: secretsmanager:PutSecretValue',
    'not needed by this run, because nothing runs under the role in the emulator:',
    '  writer, grants, statement 4: secretsmanager:PutSecretValue',
  ]);
});

test('numbers statements from 1', () => {
  expect(nameOf(statement(0, {}))).toBe('writer, grants, statement 1');
});

test('orders statements by the seed only', () => {
  const statements = Array.from({ length: 20 }, (_, index) => statement(index, {}));
  const order = shuffled(statements, 7);
  expect(shuffled([...statements].reverse(), 7)).toEqual(order);
  expect(order.map(({ index }) => index).sort((a, b) => a - b)).toEqual(statements.map(({ index }) => index));
  expect(shuffled(statements.slice(1), 7)).toEqual(order.filter(({ index }) => index !== 0));
  const firsts = new Set(Array.from({ length: 400 }, (_, seed) => shuffled(statements, seed)[0]?.index));
  expect(firsts.size).toBe(statements.length);
});
