import { screen, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { api, baseUrl } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

const balance = (account: string, currency: string, balanceMinor: number) => ({ account, currency, balanceMinor });

test('shows natural balances, and their difference in each currency', async () => {
  const items = [
    balance('acquirer_receivable', 'EUR', 1050),
    balance('merchant_payable', 'EUR', -1050),
    balance('acquirer_receivable', 'JPY', 500),
    balance('merchant_payable', 'JPY', -499),
  ];
  const day = {
    day: '2026-03-01',
    currency: 'EUR',
    approvedCount: 3,
    declinedCount: 1,
    capturedMinor: 1050,
    refundedMinor: 0,
  };
  api.use(
    http.get(`${baseUrl}/ledger/balances`, () => HttpResponse.json({ items })),
    http.get(`${baseUrl}/summary/daily`, () => HttpResponse.json({ items: [day] })),
    http.get(`${baseUrl}/ledger/entries`, () => HttpResponse.json({ items: [], nextCursor: null })),
  );
  renderConsole('/balances');
  const table = await screen.findByRole('region', { name: 'Balances' });
  const sums = within(table)
    .getAllByRole('row', { name: /^Difference/ })
    .map(({ textContent }) => textContent);
  expect(sums).toEqual(['DifferenceEUREUR\u00a00.00', 'DifferenceJPYJPY\u00a01']);
  const days = await screen.findByRole('region', { name: 'By day' });
  expect(within(days).getByRole('row', { name: /2026-03-01/ })).toHaveTextContent('2026-03-0131EUR 10.50EUR 0.00');
});

test('a merchant without payments sees that there are none', async () => {
  for (const path of ['ledger/balances', 'summary/daily', 'ledger/entries'])
    api.use(http.get(`${baseUrl}/${path}`, () => HttpResponse.json({ items: [], nextCursor: null })));
  renderConsole('/balances');
  expect(await screen.findByText('No ledger entries yet.')).toBeVisible();
  expect(await screen.findByText('No payments yet.')).toBeVisible();
});
