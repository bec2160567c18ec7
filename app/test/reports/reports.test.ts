import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decimalAmount } from '../../src/reports/decimal-amount.ts';
import { paymentReport } from '../../src/reports/report-rows.ts';
import { csv, streamReport } from '../../src/reports/report-stream.ts';
import { callerFor, newMerchant, startPlatform, type TestPlatform } from '../support/platform.ts';
import { expectProblem } from '../support/problem.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.close());

const always = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

/** A merchant of its own, so that tests do not see each other's payments. */
async function merchantWith(...payments: Record<string, unknown>[]) {
  const { apiKey, merchantId } = await newMerchant(platform.database, `Merchant ${Math.random()}`);
  for (const payment of payments) {
    const body = { amountMinor: 1050, currency: 'EUR', paymentToken: 'tok_approve', capture: 'automatic', ...payment };
    expect((await platform.post('/payments', body, bearer(apiKey))).statusCode).toBe(201);
  }
  return {
    merchantId,
    apiKey,
    read: (path: string) => platform.get(`/reports/${path}`, bearer(apiKey)),
  };
}

describe('payments.csv', () => {
  test('lists the payments of the merchant, oldest first, with decimals of their currency', async () => {
    const { read } = await merchantWith({ reference: 'a' }, { currency: 'JPY', reference: 'b' }, { currency: 'BHD' });
    const response = await read(`payments.csv?${always}`);
    expect(response.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="payments.csv"',
    });
    const [header, ...rows] = response.body.split('\r\n').map((line) => line.split(','));
    const columns = ['currency', 'amount', 'capturedAmount', 'refundedAmount', 'reference'];
    const shown = rows.slice(0, -1).map((row) => columns.map((column) => row[header?.indexOf(column) ?? -1]));
    expect(shown).toEqual([
      ['EUR', '10.50', '10.50', '0.00', 'a'],
      ['JPY', '1050', '1050', '0', 'b'],
      ['BHD', '1.050', '1.050', '0.000', ''],
    ]);
  });

  test('disarms formulas and quotes as RFC 4180 says', async () => {
    const { read } = await merchantWith({ description: '=HYPERLINK("http://x","y")', reference: '@x, "y"' });
    const { body } = await read(`payments.csv?${always}`);
    expect(body).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
    expect(body).toContain(`"'@x, ""y"""`);
  });

  test('has a header alone for a period without payments', async () => {
    const { read } = await merchantWith({});
    const { body } = await read('payments.csv?from=2000-01-01T00:00:00Z&to=2000-01-02T00:00:00Z');
    expect(body).toMatch(/^id,createdAt,[\w,]+\r\n$/);
  });

  test('includes the start of the period and excludes its end', async () => {
    const { read, apiKey } = await merchantWith({});
    const { items } = (await platform.get('/payments', bearer(apiKey))).json<{ items: { createdAt: string }[] }>();
    const at = items[0]?.createdAt ?? '';
    const lines = async (query: string) => (await read(`payments.csv?${query}`)).body.split('\r\n').length - 2;
    expect(await lines(`from=${at}&to=2100-01-01T00:00:00Z`)).toBe(1);
    expect(await lines(`from=2000-01-01T00:00:00Z&to=${at}`)).toBe(0);
  });
});

test('payments.csv has the payments that meet each filter, and all of them', async () => {
  const { read } = await merchantWith(
    { reference: 'a' },
    { reference: 'b' },
    { reference: 'b', currency: 'JPY' },
    { reference: 'b', paymentToken: 'tok_decline_stolen_card' },
  );
  const count = async (filter: string) =>
    (await read(`payments.csv?${always}&${filter}`)).body.split('\r\n').length - 2;
  expect(await count('reference=b')).toBe(3);
  expect(await count('currency=JPY')).toBe(1);
  expect(await count('status=declined')).toBe(1);
  expect(await count('reference=b&currency=EUR&status=captured')).toBe(1);
});

test('refunds.csv lists refunds with the currency of their payment', async () => {
  const { read, apiKey } = await merchantWith({ currency: 'BHD' });
  const { items } = (await platform.get('/payments', bearer(apiKey))).json<{ items: { id: string }[] }>();
  const payment = items[0]?.id ?? '';
  await platform.post(`/payments/${payment}/refunds`, { amountMinor: 5, reason: 'Late' }, bearer(apiKey));
  const [header, row] = (await read(`refunds.csv?${always}`)).body.split('\r\n');
  expect(header).toBe('id,createdAt,paymentId,currency,amount,reason');
  expect(row?.split(',').slice(2)).toEqual([payment, 'BHD', '0.005', 'Late']);
});

test('ledger entries balance in each currency, in both formats', async () => {
  const { read } = await merchantWith({}, { currency: 'JPY' }, {});
  const rows = (await read(`ledger-entries.ndjson?${always}`)).body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
  const sums: Record<string, number> = {};
  for (const { currency = '', direction, amount } of rows)
    sums[currency] = (sums[currency] ?? 0) + (direction === 'debit' ? 1 : -1) * Number(amount);
  expect(sums).toEqual({ EUR: 0, JPY: 0 });
  const lines = (await read(`ledger-entries.csv?${always}`)).body.trimEnd().split('\r\n');
  expect(lines.slice(1)).toEqual(rows.map((row) => Object.values(row).join(',')));
  expect(lines[0]).toBe(Object.keys(rows[0] ?? {}).join(','));
});

test.each([
  ['payments.csv', '/from'],
  ['payments.csv?from=2026-01-01T00:00:00Z', '/to'],
  ['payments.csv?from=yesterday&to=2026-01-01T00:00:00Z', '/from'],
  ['ledger-entries.ndjson?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', '/to'],
])('names what is wrong with the period: %s', async (path, pointer) => {
  const problem = expectProblem(await platform.get(`/reports/${path}`), 400, 'validation-failed');
  expect(problem.errors?.[0]?.pointer === '' ? problem.errors[0].detail : problem.errors?.[0]?.pointer).toContain(
    pointer.slice(1),
  );
});

describe('a report of 25,000 payments', () => {
  let apiKey: string;
  let merchantId: string;
  let address: string;
  beforeAll(async () => {
    ({ apiKey, merchantId } = await merchantWith());
    // Many have the same time, so that a page ends between two of them.
    await platform.database.superuser.query(
      `INSERT INTO payments.payments
         (id, merchant_id, status, amount_minor, captured_minor, refunded_minor, currency, payment_token, created_at, updated_at)
       SELECT gen_random_uuid(), $1, 'declined', n, 0, 0, 'EUR', 'tok_x', time, time
       FROM generate_series(1, 25000) n, LATERAL (SELECT timestamptz '2026-01-01' + make_interval(secs => n / 700) AS time) t`,
      [merchantId],
    );
    address = await platform.app.listen({ host: '127.0.0.1', port: 0 });
  });

  const open = async (path: string) => {
    const sent = httpRequest(`${address}/api/v1/reports/${path}?${always}`, { headers: bearer(apiKey) }).end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response;
  };

  test('has each once, in order', async () => {
    const response = await open('payments.ndjson');
    const amounts: number[] = [];
    const ids = new Set<string>();
    let rest = '';
    for await (const chunk of response) {
      const lines = (rest + String(chunk)).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const row = JSON.parse(line) as { id: string; amount: string };
        ids.add(row.id);
        amounts.push(Number(row.amount));
      }
    }
    expect(ids.size).toBe(25_000);
    expect(Math.max(...amounts)).toBe(250);
  });

  test('reads no further than its reader, holds no connection meanwhile, and ends with its reader', async () => {
    const { api } = platform.database;
    let queries = 0;
    const count = () => {
      queries += 1;
    };
    api.on('acquire', count);
    const period = { from: '2000-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' };
    const stream = await streamReport(api, callerFor(merchantId), paymentReport, period, csv);
    const reader = stream[Symbol.asyncIterator]();
    await reader.next();
    await sleep(200);
    expect(queries).toBeLessThan(5);
    expect(api.totalCount - api.idleCount).toBe(0);
    await reader.next();
    stream.destroy();
    await sleep(200);
    expect(queries).toBeLessThan(7);
    api.off('acquire', count);
  });
});

test('a decimal keeps every digit of an amount', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 999_999_999_999 }),
      fc.constantFrom('JPY', 'EUR', 'BHD'),
      (minor, currency) => {
        const text = decimalAmount(minor, currency);
        expect(Number(text.replace('.', ''))).toBe(minor);
        expect(text).toMatch({ JPY: /^\d+$/, EUR: /^\d+\.\d\d$/, BHD: /^\d+\.\d{3}$/ }[currency]);
      },
    ),
  );
  expect(() => decimalAmount(1, 'XXX')).toThrow('The currency XXX is not in currencies.json');
});

test('no cell of a CSV file begins like a formula', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
      const cell = csv.rows(['text'], [{ text }]).replace(/^"/, '');
      expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});
