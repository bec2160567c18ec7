import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { lastDays } from '../../lib/periods.ts';
import { api, baseUrl, payment, problemResponse } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

const refund = {
  id: '0198b1c0-0000-7000-8000-00000000000c',
  paymentId: payment().id,
  amountMinor: 350,
  currency: 'EUR',
  createdAt: payment().createdAt,
};

function listing(items: object[], nextCursor: string | null = null) {
  const queries: Record<string, string>[] = [];
  api.use(
    http.get(`${baseUrl}/refunds`, ({ request }) => {
      queries.push(Object.fromEntries(new URL(request.url).searchParams));
      return HttpResponse.json({ items, nextCursor });
    }),
    http.get(`${baseUrl}/payments/:id`, () => HttpResponse.json(payment())),
    http.get(`${baseUrl}/payments/:id/:part`, () => HttpResponse.json({ items: [] })),
  );
  return queries;
}

test('lists refunds with amount and reason, and a row opens its payment', async () => {
  listing([{ ...refund, reason: 'Arrived late' }]);
  const { router } = renderConsole('/refunds');
  const table = within(await screen.findByRole('table'));
  expect(table.getByRole('link', { name: /EUR\s3.50/ })).toHaveAttribute('href', `/payments/${payment().id}`);
  fireEvent.click(table.getByRole('cell', { name: 'Arrived late' }));
  await waitFor(() => {
    expect(router.state.location.pathname).toBe(`/payments/${payment().id}`);
  });
});

test('a period limits the list and the export to its days, and forgets the page', async () => {
  const queries = listing([{ ...refund, reason: null }]);
  const { router, user } = renderConsole('/refunds?cursor=page-2');
  await screen.findByRole('table');
  expect(queries.at(-1)).toEqual({ limit: '20', cursor: 'page-2' });
  await user.click(screen.getByRole('link', { name: '7 days' }));
  const { from, to } = lastDays(7);
  expect(router.state.location.search).toBe(`?from=${from}&to=${to}`);
  await waitFor(() => {
    expect(Object.keys(queries.at(-1) ?? {})).toEqual(['limit', 'createdFrom', 'createdTo']);
  });
  expect(screen.getByRole('link', { name: '7 days' })).toHaveAttribute('aria-current', 'true');
  expect(screen.getByRole('link', { name: 'All time' })).not.toHaveAttribute('aria-current');
  const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'Export' });
  const { pathname, searchParams } = new URL(link.href);
  expect(pathname).toBe('/api/v1/reports/refunds.csv');
  expect(searchParams.get('from')).toBe(queries.at(-1)?.['createdFrom']);
  expect(searchParams.get('to')).toBe(queries.at(-1)?.['createdTo']);
});

test('without a period, the export has everything until the end of today, and says that it began', async () => {
  listing([]);
  renderConsole('/refunds');
  const link = await screen.findByRole<HTMLAnchorElement>('link', { name: 'Export' });
  const { searchParams } = new URL(link.href);
  expect(searchParams.get('from')).toBe(new Date('2000-01-01T00:00:00').toISOString());
  expect(Date.parse(searchParams.get('to') ?? '')).toBeGreaterThan(Date.now());
  // jsdom does not download.
  link.addEventListener('click', (event) => {
    event.preventDefault();
  });
  fireEvent.click(link);
  expect(await screen.findByText('The browser downloads the export.')).toBeVisible();
});

test('an empty list says how a refund comes into it', async () => {
  listing([]);
  renderConsole('/refunds');
  expect(await screen.findByText('No refunds yet.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'payments' })).toHaveAttribute('href', '/payments?status=captured');
});

test('an empty period leads back to all refunds', async () => {
  listing([]);
  renderConsole('/refunds?from=2026-01-01&to=2026-01-01');
  expect(await screen.findByText('No refunds in this period.')).toBeVisible();
  expect(screen.getByRole('link', { name: 'Show all refunds' })).toHaveAttribute('href', '/refunds');
});

test('shows why the list cannot be read', async () => {
  api.use(http.get(`${baseUrl}/refunds`, () => problemResponse(403, 'insufficient-scope')));
  renderConsole('/refunds');
  expect(await screen.findByRole('alert')).toHaveTextContent('This is insufficient-scope.');
});
