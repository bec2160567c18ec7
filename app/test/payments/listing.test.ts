import fc from 'fast-check';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newMerchant, newPayment, type PaymentBody, startPlatform, type TestPlatform } from '../support/platform.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

interface Page {
  readonly items: readonly (PaymentBody & { readonly createdAt: string; readonly account?: string })[];
  readonly nextCursor: string | null;
}
type Headers = Record<string, string>;

/** A new merchant, so that lists contain only payments of the test. */
async function merchant(): Promise<{ merchantId: string; headers: Headers }> {
  const { apiKey, merchantId } = await newMerchant(platform.database, randomUUID());
  return { merchantId, headers: { authorization: `Bearer ${apiKey}` } };
}

async function payAs(headers: Headers, overrides: object = {}): Promise<string> {
  return (await platform.post('/payments', { ...newPayment, ...overrides }, headers)).json<PaymentBody>().id;
}

async function page(query: string, headers: Headers, list = '/payments'): Promise<Page> {
  const response = await platform.get(`${list}?${query}`, headers);
  expect(response.statusCode).toBe(200);
  return response.json<Page>();
}

/** Fetches all pages. `between` runs after each. */
async function walk(
  query: string,
  headers: Headers,
  between = async () => Promise.resolve(),
  list?: string,
): Promise<Page[]> {
  const pages = [await page(query, headers, list)];
  for (let next = pages[0]?.nextCursor; next != null; next = pages.at(-1)?.nextCursor) {
    await between();
    pages.push(await page(`${query}&cursor=${next}`, headers, list));
  }
  return pages;
}

const idsOf = (...pages: Page[]) => pages.flatMap(({ items }) => items.map(({ id }) => id));

describe('the list of payments', () => {
  test('has 25 per page, newest first, by default', async () => {
    const { headers } = await merchant();
    const made: string[] = [];
    for (let count = 0; count < 26; count += 1) made.unshift(await payAs(headers));
    const first = await page('', headers);
    expect(idsOf(first)).toEqual(made.slice(0, 25));
    const second = await page(`cursor=${first.nextCursor ?? ''}`, headers);
    expect(idsOf(second)).toEqual(made.slice(25));
    expect(second.nextCursor).toBeNull();
    expect(await page('limit=26', headers)).toMatchObject({ nextCursor: null });
    expect(idsOf(await page('limit=100', headers))).toEqual(made);
  });

  test('is empty for a merchant without payments', async () => {
    expect(await page('', (await merchant()).headers)).toEqual({ items: [], nextCursor: null });
  });

  test('lists each payment once, in order, for any page size and with concurrent inserts', async () => {
    await fc.assert(
      fc.asyncProperty(
        // Few distinct times, so that many payments share one.
        fc.array(fc.nat({ max: 3 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (seconds, limit) => {
          const { merchantId, headers } = await merchant();
          await platform.database.superuser.query(
            `INSERT INTO payments.payments (
               id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token, created_at
             )
             SELECT gen_random_uuid(), $1, 'processing', 1, 0, 0, 'EUR', 'tok_approve', '2026-01-01T00:00:00.123456Z'::timestamptz + make_interval(secs => s)
             FROM unnest($2::int[]) AS s`,
            [merchantId, seconds],
          );
          const { rows } = await platform.database.superuser.query<{ id: string }>(
            'SELECT id FROM payments.payments WHERE merchant_id = $1 ORDER BY created_at DESC, id DESC',
            [merchantId],
          );
          const pages = await walk(`limit=${limit}`, headers, async () => {
            await payAs(headers);
          });
          expect(idsOf(...pages)).toEqual(rows.map(({ id }) => id));
          expect(pages).toHaveLength(Math.max(1, Math.ceil(seconds.length / limit)));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('is filtered by each filter, by all together, and page by page', async () => {
    const { headers } = await merchant();
    const euro = await payAs(headers, { reference: 'order 1' });
    const dollar = await payAs(headers, { currency: 'USD', reference: 'order 1' });
    const declined = await payAs(headers, { paymentToken: 'tok_decline_stolen_card', reference: 'order 10' });
    const found = async (query: string) => idsOf(await page(query, headers));
    expect(await found('status=declined')).toEqual([declined]);
    expect(await found('status=voided')).toEqual([]);
    expect(await found('currency=EUR')).toEqual([declined, euro]);
    expect(await found('reference=order%201')).toEqual([dollar, euro]);
    expect(await found('reference=order')).toEqual([]);
    expect(await found('status=authorized&currency=USD&reference=order%201')).toEqual([dollar]);
    expect(idsOf(...(await walk('limit=1&currency=EUR', headers)))).toEqual([declined, euro]);
  });

  test('is filtered by amount, both ends included, and by decline code', async () => {
    const { headers } = await merchant();
    const small = await payAs(headers, { amountMinor: 99 });
    const stolen = await payAs(headers, { amountMinor: 100, paymentToken: 'tok_decline_stolen_card' });
    const large = await payAs(headers, { amountMinor: 9_000_000_000 });
    const found = async (query: string) => idsOf(await page(query, headers));
    expect(await found('amountFrom=100')).toEqual([large, stolen]);
    expect(await found('amountTo=100')).toEqual([stolen, small]);
    expect(await found('amountFrom=99&amountTo=99')).toEqual([small]);
    expect(await found('amountFrom=9000000000')).toEqual([large]);
    expect(await found('declineCode=stolen_card')).toEqual([stolen]);
    expect(await found('declineCode=stolen')).toEqual([]);
    expect(await found('status=declined&currency=EUR&amountFrom=1&declineCode=stolen_card')).toEqual([stolen]);
    expect(idsOf(...(await walk('limit=1&amountFrom=1', headers)))).toEqual([large, stolen, small]);
  });

  test('is filtered by time: from is inclusive, to is exclusive', async () => {
    const { headers } = await merchant();
    const oldest = await payAs(headers);
    const middle = await payAs(headers);
    const newest = await payAs(headers);
    const times = (await page('', headers)).items.map(({ createdAt }) => createdAt);
    const found = async (query: string) => idsOf(await page(query, headers));
    expect(await found(`createdFrom=${times[1] ?? ''}`)).toEqual([newest, middle]);
    expect(await found(`createdTo=${times[1] ?? ''}`)).toEqual([oldest]);
    expect(await found(`createdFrom=${times[1] ?? ''}&createdTo=${times[0] ?? ''}`)).toEqual([middle]);
    expect(await found('createdTo=2026-01-01T00:00:00%2B02:00')).toEqual([]);
  });
});

test('the list of ledger entries is paginated and filtered by account and currency', async () => {
  const { headers } = await merchant();
  for (const currency of ['EUR', 'USD', 'EUR']) await payAs(headers, { currency, capture: 'automatic' });
  const entries = async (query: string) =>
    (await walk(`limit=1&${query}`, headers, undefined, '/ledger/entries')).flatMap(({ items }) => items);
  expect(new Set((await entries('')).map(({ id }) => id)).size).toBe(6);
  expect((await entries('account=merchant_payable')).map(({ account }) => account)).toEqual(
    Array(3).fill('merchant_payable'),
  );
  expect((await entries('currency=USD')).map(({ currency }) => currency)).toEqual(['USD', 'USD']);
  expect(await entries('currency=JPY')).toEqual([]);
});

describe('the list of refunds', () => {
  test('has the refunds of all payments, newest first, each with the currency of its payment', async () => {
    const { headers } = await merchant();
    const made: string[] = [];
    for (const currency of ['EUR', 'JPY', 'EUR']) {
      const id = await payAs(headers, { currency, capture: 'automatic' });
      const refunded = await platform.post(`/payments/${id}/refunds`, { amountMinor: 100, reason: 'Late' }, headers);
      made.unshift(JSON.stringify(refunded.json<{ refund: object }>().refund));
    }
    const pages = await walk('limit=2', headers, undefined, '/refunds');
    expect(pages.map(({ items }) => items.length)).toEqual([2, 1]);
    expect(pages.flatMap(({ items }) => items)).toEqual(made.map((refund) => JSON.parse(refund) as object));
  });

  test('has the refunds of a period: its start is included, its end is not', async () => {
    const { headers } = await merchant();
    const id = await payAs(headers, { capture: 'automatic' });
    await platform.post(`/payments/${id}/refunds`, {}, headers);
    const at = (await page('', headers, '/refunds')).items[0]?.createdAt ?? '';
    expect((await page(`createdFrom=${at}`, headers, '/refunds')).items).toHaveLength(1);
    expect((await page(`createdTo=${at}`, headers, '/refunds')).items).toHaveLength(0);
  });
});
