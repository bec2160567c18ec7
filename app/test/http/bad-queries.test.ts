import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const encoded = (text: string) => Buffer.from(text).toString('base64url');
const time = '2026-01-01T00:00:00.000000Z';

describe.each(['/payments', '/ledger/entries'])('GET %s', (list) => {
  test.each([
    ['is no base64', 'cursor=%21%21'],
    ['is empty', 'cursor='],
    ['is too long', `cursor=${'a'.repeat(201)}`],
  ])('rejects a cursor that %s', async (_what, query) => {
    const { errors } = expectProblem(await platform.get(`${list}?${query}`), 400, 'validation-failed');
    expect(errors).toMatchObject([{ pointer: '/querystring/cursor' }]);
  });

  test.each([
    ['holds something else', encoded('something else')],
    ['has no id', encoded(`${time}|`)],
    ['has no UUID', encoded(`${time}|${'-'.repeat(36)}`)],
    ['has more than it should', encoded(`${time}|${randomUUID()}|1`)],
    ['has a day that does not exist', encoded(`2026-02-30T00:00:00.000000Z|${randomUUID()}`)],
    ['has a year that does not exist', encoded(`0000-01-01T00:00:00.000000Z|${randomUUID()}`)],
    ['has SQL in it', encoded(`${time}|' OR true --`)],
  ])('rejects a cursor that %s', async (_what, cursor) => {
    expectProblem(await platform.get(`${list}?cursor=${cursor}`), 400, 'cursor-invalid');
  });

  test.each([
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=1.5',
    'limit=ten',
    'limit=',
    'limit=1&limit=2',
    'currency=euro',
    'page=2',
  ])('rejects %s', async (query) => {
    const { errors } = expectProblem(await platform.get(`${list}?${query}`), 400, 'validation-failed');
    expect(errors?.[0]?.pointer).toMatch(/^\/querystring/);
  });
});

test('an empty range of amounts names the field and the remedy', async () => {
  const problem = expectProblem(await platform.get('/payments?amountFrom=10&amountTo=9'), 400, 'validation-failed');
  expect(problem.errors).toEqual([{ pointer: '/querystring/amountTo', detail: 'must be at least 10' }]);
});

describe('the API rejects without a server error', () => {
  test.each([
    '/payments?status=lost',
    '/payments?reference=',
    '/payments?amountFrom=-1',
    '/payments?amountFrom=1.5',
    '/payments?amountTo=1000000000000',
    '/payments?declineCode=',
    '/payments?paymentToken=card',
    '/payments?metadata=1234',
    '/payments?metadata[]=1234',
    '/payments?metadata[order]=',
    '/payments?metadata[order]=1&metadata[order]=2',
    '/payments?metadata[1order]=1234',
    '/payments?metadata[__proto__]=1234',
    '/payments?metadata=1&metadata[order]=1234',
    '/payments?metadata[order]=1234&metadata=1',
    '/payments?metadata[order][x]=1234',
    '/payments?status[x]=captured',
    '/payments?createdFrom=yesterday',
    '/payments?createdFrom=2026-02-30T00:00:00Z',
    '/payments?createdFrom=0000-01-01T00:00:00Z',
    '/payments?createdTo=2026-01-01T00:00:00%2B23:59',
    '/summary/daily?from=2026-02-30',
    '/summary/daily?to=0000-01-01',
    '/ledger/entries?account=cash',
  ])('%s', async (path) => {
    expectProblem(await platform.get(path), 400, 'validation-failed');
  });
});
