import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMerchant, newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

type Pairs = Readonly<Record<string, string>>;
const pairs = (count: number): Pairs =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`name${index}`, 'x']));

/** A new merchant with one payment for each metadata, and its lists. */
async function merchantWith(...metadata: (Pairs | undefined)[]) {
  const { apiKey } = await newMerchant(platform.database, randomUUID());
  const headers = { authorization: `Bearer ${apiKey}` };
  const ids: string[] = [];
  for (const each of metadata) {
    const response = await platform.post('/payments', { ...newPayment, ...(each && { metadata: each }) }, headers);
    expect(response.statusCode).toBe(201);
    ids.push(response.json<PaymentBody>().id);
  }
  const list = async (query: string) => {
    const response = await platform.get(`/payments?${query}`, headers);
    expect(response.statusCode).toBe(200);
    return response.json<{ items: readonly PaymentBody[]; nextCursor: string | null }>();
  };
  const found = async (query: string) => (await list(query)).items.map(({ id }) => id);
  return { ids, headers, list, found };
}

test('a payment keeps its metadata, also in the response to a retry', async () => {
  const metadata = { order: '1234', 'line.items_2-b': 'ä " \\ 😀', constructor: 'x' };
  const key = { 'idempotency-key': randomUUID() };
  const created = await platform.post('/payments', { ...newPayment, metadata }, key);
  expect(created.json()).toMatchObject({ metadata });
  const { id } = created.json<PaymentBody>();
  expect((await platform.get(`/payments/${id}`)).json()).toMatchObject({ metadata });
  expect((await platform.post('/payments', { ...newPayment, metadata }, key)).json()).toEqual(created.json());
  expect((await platform.post(`/payments/${id}/void`, {})).json()).toMatchObject({ status: 'voided', metadata });
});

test('a payment without metadata has an empty object', async () => {
  expect((await platform.post('/payments', newPayment)).json()).toMatchObject({ metadata: {} });
});

test('the retry of a request that a previous release answered has an empty object', async () => {
  const key = randomUUID();
  await platform.post('/payments', newPayment, { 'idempotency-key': key });
  await platform.database.superuser.query(
    `UPDATE payments.idempotency_keys SET response = (response::jsonb #- '{payment,metadata}')::json WHERE key = $1`,
    [key],
  );
  expect((await platform.post('/payments', newPayment, { 'idempotency-key': key })).json()).toMatchObject({
    metadata: {},
  });
});

describe('the API refuses', () => {
  test.each([
    ['more than 20 pairs', pairs(21), '/metadata'],
    ['a value that is no string', { order: 1234 }, '/metadata/order'],
    ['an empty value', { order: '' }, '/metadata/order'],
    ['a long value', { order: 'x'.repeat(256) }, '/metadata/order'],
    ['a long name', { [`o${'x'.repeat(40)}`]: 'x' }, '/metadata'],
    ['a name with brackets', { 'order[x]': 'x' }, '/metadata'],
    ['a card number', { card: '4242 4242 4242 4242' }, '/metadata/card'],
    ['a list', ['x'], '/metadata'],
  ])('%s', async (_what, metadata, pointer) => {
    const response = await platform.post('/payments', { ...newPayment, metadata });
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.json<{ errors: { pointer: string }[] }>().errors[0]?.pointer).toContain(pointer);
  });

  test('nothing with 20 pairs', async () => {
    expect((await platform.post('/payments', { ...newPayment, metadata: pairs(20) })).statusCode).toBe(201);
  });
});

describe('the database refuses', () => {
  test.each([
    ['more than 20 pairs', pairs(21)],
    ['a value that is no string', { order: 1234 }],
    ['a list', ['x']],
    ['a string', 'x'],
  ])('%s', async (_what, metadata) => {
    const change = platform.database.superuser.query('UPDATE payments.payments SET metadata = $1', [
      JSON.stringify(metadata),
    ]);
    await expect(change).rejects.toThrow('payments_metadata_check');
  });
});

describe('the list of payments', () => {
  test('finds payments that have all pairs, newest first, in pages that keep their place', async () => {
    const web = { shop: 'web' };
    const { ids, list, found } = await merchantWith(web, { ...web, order: '1' }, undefined, { shop: 'till' }, web, web);
    const [first, second, , , fifth, sixth] = ids;
    const page = await list('metadata[shop]=web&limit=2');
    expect(page.items.map(({ id }) => id)).toEqual([sixth, fifth]);
    expect(await found(`metadata%5Bshop%5D=web&limit=2&cursor=${page.nextCursor ?? ''}`)).toEqual([second, first]);
    expect(await found('metadata[order]=1&metadata[shop]=web')).toEqual([second]);
    expect(await found('metadata[order]=1&metadata[shop]=till')).toEqual([]);
    expect(await found('metadata[order]=1&status=authorized&createdFrom=2020-01-01T00:00:00Z')).toEqual([second]);
    expect(await found('metadata[order]=1&createdTo=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await found('metadata[Order]=1')).toEqual([]);
  });

  test('finds no payments of another merchant', async () => {
    const order = { order: randomUUID() };
    await merchantWith(order);
    const { found, ids } = await merchantWith(order);
    expect(await found(`metadata[order]=${order.order}`)).toEqual(ids);
  });

  test('finds payments by their token', async () => {
    const { found, ids } = await merchantWith(undefined);
    expect(await found(`paymentToken=${newPayment.paymentToken}`)).toEqual(ids);
    expect(await found('paymentToken=tok_other')).toEqual([]);
  });
});

test('the export has the metadata and is filtered by it', async () => {
  const { headers } = await merchantWith({ order: '1', shop: 'web' }, { order: '2' }, undefined);
  const period = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  const rows = async (query: string) =>
    (await platform.get(`/reports/payments.ndjson?${period}${query}`, headers)).body
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { metadata: string | null }).metadata);
  expect(await rows('')).toEqual(['{"shop":"web","order":"1"}', '{"order":"2"}', null]);
  expect(await rows('&metadata[order]=2')).toEqual(['{"order":"2"}']);
  expectProblem(
    await platform.get(`/reports/payments.ndjson?${period}&amountFrom=2&amountTo=1`, headers),
    400,
    'validation-failed',
  );
});
