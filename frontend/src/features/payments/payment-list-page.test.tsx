import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test, vi } from 'vitest';
import { api, baseUrl, payment } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

function listing(nextCursor: string | null = null) {
  const queries: Record<string, string>[] = [];
  api.use(
    http.get(`${baseUrl}/payments`, ({ request }) => {
      queries.push(Object.fromEntries(new URL(request.url).searchParams));
      return HttpResponse.json({ items: [payment()], nextCursor });
    }),
  );
  return queries;
}

const day = { day: '2026-03-01', approvedCount: 1, declinedCount: 0, capturedMinor: 1050, refundedMinor: 0 };

test('sends the filters to the API and keeps them in the URL', async () => {
  const queries = listing();
  const { router, user } = renderConsole('/payments');
  await user.selectOptions(await screen.findByLabelText('Status'), 'Voided');
  await user.selectOptions(screen.getByLabelText('Currency'), 'CHF');
  await user.type(screen.getByLabelText('Reference'), 'order-1');
  await user.type(screen.getByLabelText('From'), '2026-03-01');
  await user.type(screen.getByLabelText('To'), '2026-03-31');
  await user.click(screen.getByRole('button', { name: 'Apply' }));
  await screen.findByRole('table');
  expect(queries.at(-1)).toEqual({
    limit: '20',
    status: 'voided',
    currency: 'CHF',
    reference: 'order-1',
    createdFrom: new Date('2026-03-01T00:00:00').toISOString(),
    // The whole of the last day counts.
    createdTo: new Date('2026-04-01T00:00:00').toISOString(),
  });
  expect(router.state.location.search).toBe(
    '?status=voided&currency=CHF&reference=order-1&from=2026-03-01&to=2026-03-31',
  );
});

test('the export has the filters of the list', async () => {
  listing();
  renderConsole('/payments?status=voided&reference=order-1&from=2026-03-01&to=2026-03-31');
  const { searchParams } = new URL((await screen.findByRole<HTMLAnchorElement>('link', { name: 'Export' })).href);
  expect(Object.fromEntries(searchParams)).toEqual({
    from: new Date('2026-03-01T00:00:00').toISOString(),
    to: new Date('2026-04-01T00:00:00').toISOString(),
    status: 'voided',
    reference: 'order-1',
  });
});

test('filters by an amount in the currency, and by a decline code', async () => {
  const queries = listing();
  const { router, user } = renderConsole('/payments');
  await user.type(await screen.findByLabelText('Amount from'), '9.5');
  await user.type(screen.getByLabelText('Decline code'), 'stolen_card');
  await user.click(screen.getByRole('button', { name: 'Apply' }));
  expect(await screen.findByText('Choose the currency of the amount.')).toBeVisible();
  await user.selectOptions(screen.getByLabelText('Currency'), 'EUR');
  await user.type(screen.getByLabelText('Amount to'), '20');
  await user.click(screen.getByRole('button', { name: 'Apply' }));
  await screen.findByRole('table');
  expect(queries.at(-1)).toEqual({
    limit: '20',
    currency: 'EUR',
    declineCode: 'stolen_card',
    amountFrom: '950',
    amountTo: '2000',
  });
  expect(router.state.location.search).toBe('?currency=EUR&declineCode=stolen_card&amountFrom=950&amountTo=2000');
  expect(screen.getByLabelText('Amount from')).toHaveValue('9.50');
});

test('an amount in the URL that has no currency, or is none, is not shown', async () => {
  listing();
  renderConsole('/payments?amountFrom=950&amountTo=x');
  expect(await screen.findByLabelText('Amount from')).toHaveValue('');
  expect(screen.getByLabelText('Amount to')).toHaveValue('');
});

test('the search field finds by metadata, keeps the filters and is in the URL and in the export', async () => {
  const queries = listing();
  const { router, user } = renderConsole('/payments?status=captured&cursor=next-1');
  await user.type(await screen.findByLabelText('Find'), 'order:1234');
  await user.click(screen.getByRole('button', { name: 'Find' }));
  await screen.findByRole('table');
  expect(queries.at(-1)).toEqual({ limit: '20', status: 'captured', 'metadata[order]': '1234' });
  expect(router.state.location.search).toBe('?status=captured&q=order%3A1234');
  const { searchParams } = new URL(screen.getByRole<HTMLAnchorElement>('link', { name: 'Export' }).href);
  expect(searchParams.get('metadata[order]')).toBe('1234');
  await user.click(screen.getByRole('button', { name: 'Apply' }));
  expect(router.state.location.search).toBe('?q=order%3A1234&status=captured');
  await user.clear(screen.getByLabelText('Find'));
  await user.click(screen.getByRole('button', { name: 'Find' }));
  await waitFor(() => {
    expect(router.state.location.search).toBe('?status=captured');
  });
});

test('the search for an id opens the payment', async () => {
  api.use(
    http.get(`${baseUrl}/payments/:id`, () => HttpResponse.json(payment())),
    http.get(`${baseUrl}/payments/:id/:part`, () => HttpResponse.json({ items: [] })),
  );
  const { router } = renderConsole(`/payments?q=${payment().id}`);
  await screen.findByRole('heading', { name: 'Payment' });
  expect(router.state.location.pathname).toBe(`/payments/${payment().id}`);
});

test('the next page keeps the filters', async () => {
  const queries = listing('next-1');
  const { user } = renderConsole('/payments?status=captured');
  await user.click(await screen.findByRole('link', { name: 'Next page' }));
  await screen.findByRole('link', { name: 'First page' });
  expect(queries.at(-1)).toEqual({ limit: '20', status: 'captured', cursor: 'next-1' });
});

test('a row shows amount, status and reference, and links to the payment', async () => {
  listing();
  renderConsole('/payments');
  const row = (await screen.findAllByRole('row'))[1];
  if (!row) throw new Error('There is no row below the heading.');
  expect(row).toHaveTextContent('EUR 10.50Capturedorder-1');
  expect(within(row).getByRole('link')).toHaveAttribute('href', `/payments/${payment().id}`);
});

test('clearing the filters asks for all payments', async () => {
  const queries = listing();
  const { router, user } = renderConsole('/payments?status=voided&currency=CHF');
  await user.click(await screen.findByRole('button', { name: 'Clear' }));
  await screen.findByRole('table');
  expect(queries.at(-1)).toEqual({ limit: '20' });
  expect(router.state.location.search).toBe('');
});

test('offers the currencies of the payments, and the one in the URL', async () => {
  const items = ['EUR', 'CHF', 'EUR'].map((currency) => ({ ...day, currency }));
  api.use(http.get(`${baseUrl}/summary/daily`, () => HttpResponse.json({ items })));
  listing();
  renderConsole('/payments?currency=JPY');
  await waitFor(() => {
    const options = within(screen.getByLabelText('Currency')).getAllByRole('option');
    expect(options.map(({ textContent }) => textContent)).toEqual(['All', 'CHF', 'EUR', 'JPY']);
  });
  expect(screen.getByLabelText('Currency')).toHaveValue('JPY');
});

test('keeps what was typed and chosen when the currencies of the payments arrive', async () => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  api.use(
    http.get(`${baseUrl}/summary/daily`, async () => {
      await asked;
      return HttpResponse.json({ items: [{ ...day, currency: 'EUR' }] });
    }),
  );
  listing();
  const { router, user } = renderConsole('/payments');
  await user.type(await screen.findByLabelText('Reference'), 'order-1');
  await user.selectOptions(screen.getByLabelText('Currency'), 'CHF');
  answer();
  await waitFor(() => {
    expect(within(screen.getByLabelText('Currency')).getAllByRole('option')).toHaveLength(3);
  });
  await user.click(screen.getByRole('button', { name: 'Apply' }));
  expect(router.state.location.search).toBe('?currency=CHF&reference=order-1');
});

test('on a narrow screen the filters are folded unless one is set', async () => {
  vi.spyOn(window, 'matchMedia').mockReturnValue({ matches: false } as MediaQueryList);
  listing();
  const { router } = renderConsole('/payments');
  const fold = (await screen.findByText('Filters')).closest('details');
  expect(fold).not.toHaveAttribute('open');
  await router.navigate('/payments?status=captured');
  await waitFor(() => {
    expect(screen.getByText('Filters').closest('details')).toHaveAttribute('open');
  });
  vi.restoreAllMocks();
});

test('a click on the link of a row is left to the link', async () => {
  listing();
  const { router } = renderConsole('/payments');
  const table = await screen.findByRole('table');
  // A click with Control opens another tab.
  fireEvent.click(within(table).getByRole('link'), { ctrlKey: true });
  expect(router.state.location.pathname).toBe('/payments');
});

test('a click on a row opens the payment, but not one that selects text', async () => {
  listing();
  api.use(
    http.get(`${baseUrl}/payments/:id`, () => HttpResponse.json(payment())),
    http.get(`${baseUrl}/payments/:id/:part`, () => HttpResponse.json({ items: [] })),
  );
  const { router } = renderConsole('/payments');
  const cell = await screen.findByRole('cell', { name: 'order-1' });
  window.getSelection()?.selectAllChildren(cell);
  fireEvent.click(cell);
  expect(router.state.location.pathname).toBe('/payments');
  window.getSelection()?.removeAllRanges();
  fireEvent.click(cell);
  await waitFor(() => {
    expect(router.state.location.pathname).toBe(`/payments/${payment().id}`);
  });
});

test('a merchant without payments learns what to do next', async () => {
  api.use(http.get(`${baseUrl}/payments`, () => HttpResponse.json({ items: [], nextCursor: null })));
  renderConsole('/payments');
  expect(await screen.findByText('No payments yet.')).toBeVisible();
  const next = within(screen.getByRole('status')).getByRole('link', { name: 'Take a payment' });
  expect(next).toHaveAttribute('href', '/payments/new');
});
