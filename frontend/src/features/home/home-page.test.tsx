import type { DailyTotal, DeclineCount, WebhookEndpoint } from '@payment-platform/app/api-types';
import { act, screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { beforeEach, expect, test, vi } from 'vitest';
import { api, baseUrl, problemResponse, session } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';
import { periodsOf } from './figures.ts';

interface DrawnChart {
  readonly data: readonly (readonly number[])[];
  readonly options: {
    readonly axes: readonly { readonly values: (chart: unknown, ticks: number[]) => string[] }[];
    readonly scales: Record<'x' | 'y', { readonly range: (chart: unknown, from: number, to: number) => number[] }>;
    readonly tzDate: (seconds: number) => Date;
  };
  destroyed: boolean;
  width: number;
}
const charts = vi.hoisted((): DrawnChart[] => []);

// jsdom has no canvas. The browser tests draw the chart.
vi.mock('uplot', () => ({
  default: class {
    static readonly paths = { bars: () => () => null };
    static readonly tzDate = (date: Date) => date;
    width = 0;
    destroyed = false;
    options: DrawnChart['options'];
    data: DrawnChart['data'];
    constructor(options: DrawnChart['options'], data: DrawnChart['data']) {
      this.options = options;
      this.data = data;
      charts.push(this);
    }
    setSize({ width }: { readonly width: number }) {
      this.width = width;
    }
    destroy() {
      this.destroyed = true;
    }
  },
}));

let changeScheme: () => void = () => undefined;
let resize: () => void = () => undefined;

beforeEach(() => {
  charts.length = 0;
  vi.spyOn(window, 'matchMedia').mockImplementation(
    () =>
      ({
        matches: true,
        addEventListener: (_type: string, listener: () => void) => {
          changeScheme = listener;
        },
        removeEventListener: () => undefined,
      }) as unknown as MediaQueryList,
  );
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(listener: () => void) {
        resize = listener;
      }
      observe() {
        return undefined;
      }
      disconnect() {
        return undefined;
      }
    },
  );
});

const { current, previous } = periodsOf(7);

const total = (day: string, changes: Partial<DailyTotal> = {}): DailyTotal => ({
  day,
  currency: 'EUR',
  approvedCount: 9,
  declinedCount: 1,
  capturedMinor: 15_000,
  refundedMinor: 500,
  ...changes,
});

/** Answers the requests of the page, and records the queries. */
function answer(totals: DailyTotal[], declines: DeclineCount[] = [], endpoints: Partial<WebhookEndpoint>[] = []) {
  const asked: string[] = [];
  const answering = (path: string, items: unknown[]) =>
    http.get(baseUrl + path, ({ request }) => {
      asked.push(path + new URL(request.url).search);
      return HttpResponse.json({ items, nextCursor: null });
    });
  api.use(
    answering('/summary/daily', totals),
    answering('/summary/declines', declines),
    answering('/webhook-endpoints', endpoints),
  );
  return asked;
}

const figure = (term: string) => screen.getByText(term, { selector: 'dt' }).parentElement;

test('shows the figures of seven days beside the seven before, and asks for no other days', async () => {
  const asked = answer([total(current.to), total(previous.to, { declinedCount: 2, capturedMinor: 10_000 })]);
  renderConsole('/');
  expect(await screen.findByText('Volume', { selector: 'dt' })).toBeVisible();
  expect(figure('Volume')).toHaveTextContent(/EUR.150\.00\+50%, from EUR.100\.00 in the 7 days before/);
  expect(figure('Successful payments')).toHaveTextContent('90%, from 9 in the 7 days before');
  expect(figure('Approval rate')).toHaveTextContent('90%+8.2 points, from 81.8%');
  expect(figure('Refunds')).toHaveTextContent(/EUR.5\.00/);
  expect(figure('Declines')).toHaveTextContent('1-50%, from 2');
  expect(asked).toContain(`/summary/daily?from=${previous.from}&to=${current.to}`);
  expect(screen.queryByRole('navigation', { name: 'Currency' })).toBeNull();
});

test('the period and the currency are chosen in the URL', async () => {
  answer([total(current.to), total(current.to, { currency: 'JPY', approvedCount: 1, capturedMinor: 700 })]);
  const { router, user } = renderConsole('/');
  await user.click(await screen.findByRole('link', { name: 'JPY' }));
  expect(figure('Volume')).toHaveTextContent(/JPY.700/);
  await user.click(screen.getByRole('link', { name: 'Today' }));
  expect(router.state.location.search).toBe('?currency=JPY&days=1');
  expect(await screen.findByText(/– yesterday/)).toBeVisible();
  expect(screen.queryByRole('heading', { name: /^Volume in/ })).toBeNull();
});

test('declines are listed by reason with their share, and lead to the payments', async () => {
  answer(
    [total(current.to)],
    [
      { currency: 'EUR', declineCode: 'insufficient_funds', declinedCount: 3 },
      { currency: 'EUR', declineCode: 'unknown', declinedCount: 1 },
      { currency: 'USD', declineCode: 'expired_card', declinedCount: 7 },
    ],
  );
  renderConsole('/');
  const table = within(await screen.findByRole('region', { name: 'Declines by reason' }));
  expect(table.getAllByRole('row').map(({ textContent }) => textContent)).toEqual([
    'ReasonPaymentsShare',
    'Insufficient funds375%',
    'Unknown125%',
  ]);
  const list = `/payments?status=declined&currency=EUR&from=${current.from}&to=${current.to}`;
  for (const [name, to] of [
    ['View declined payments', list],
    ['Insufficient funds', `${list}&declineCode=insufficient_funds`],
    ['Unknown', list],
  ] as const)
    expect(screen.getByRole('link', { name })).toHaveAttribute('href', to);
});

test('the volume of each day is drawn, in the new colours after a change, and is also a table', async () => {
  answer([total(current.to)]);
  const { user } = renderConsole('/');
  await waitFor(() => {
    expect(charts).toHaveLength(1);
  });
  const [chart] = charts;
  expect(chart?.data[1]).toEqual([0, 0, 0, 0, 0, 0, 150]);
  expect(chart?.options.axes.map(({ values }) => values(undefined, [1_000_000]))).toEqual([['12 Jan'], ['1m']]);
  const { scales, tzDate } = chart?.options ?? {};
  expect(scales?.x.range(undefined, 100_000, 200_000)).toEqual([56_800, 243_200]);
  expect(scales?.y.range(undefined, 0, 150)[1]).toBeCloseTo(165);
  expect(scales?.y.range(undefined, 0, 0)).toEqual([0, 1]);
  expect(tzDate?.(86_400).toISOString()).toBe('1970-01-02T00:00:00.000Z');
  if (chart) chart.width = 100;
  act(() => {
    resize();
    changeScheme();
  });
  expect(chart?.width).toBe(0);
  expect(charts.map(({ destroyed }) => destroyed)).toEqual([true, false]);
  await user.click(screen.getByText('Show as a table'));
  expect(within(screen.getByRole('region', { name: 'Volume of each day' })).getAllByRole('row')).toHaveLength(8);
});

test('names the webhook endpoints that are disabled or failing', async () => {
  const enabled = { disabledAt: null, disabledReason: null, failingSince: null };
  const endpoint = { url: 'https://shop.example/', description: null, ...enabled };
  const disabledAt = '2026-03-01T10:00:00.000000Z';
  answer(
    [],
    [],
    [
      { ...endpoint, id: 'a' },
      { ...endpoint, id: 'b', description: 'Warehouse', disabledAt, disabledReason: 'gone' },
      { ...endpoint, id: 'c', failingSince: disabledAt },
      { ...endpoint, id: 'd', disabledAt, disabledReason: 'requested' },
    ],
  );
  renderConsole('/');
  const list = within(await screen.findByRole('region', { name: 'Needs attention' }));
  expect(list.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'The webhook endpoint Warehouse was disabled, because it answered 410.',
    expect.stringMatching(/shop\.example\/ has been failing since 1 Mar 2026/),
    'The webhook endpoint https://shop.example/ is disabled. Its events wait.',
  ]);
  expect(list.getByRole('link', { name: 'Warehouse' })).toHaveAttribute('href', '/webhooks/b');
});

test('without payments it says what to do, and without webhooks it needs no attention', async () => {
  answer([]);
  api.use(http.get(`${baseUrl}/webhook-endpoints`, () => problemResponse(404, 'not-found')));
  renderConsole('/');
  expect(await screen.findByText('No payments in this period or the one before.')).toBeVisible();
  expect(screen.queryByRole('heading', { name: 'Needs attention' })).toBeNull();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('shows why the figures or the declines cannot be read', async () => {
  answer([total(current.to)]);
  api.use(http.get(`${baseUrl}/summary/declines`, () => problemResponse(500, 'internal')));
  const { user } = renderConsole('/');
  expect(await screen.findByRole('alert')).toHaveTextContent('This is internal.');
  api.use(http.get(`${baseUrl}/summary/daily`, () => problemResponse(500, 'internal')));
  await user.click(screen.getByRole('link', { name: '30 days' }));
  await waitFor(() => {
    expect(screen.queryByText('Volume', { selector: 'dt' })).toBeNull();
  });
  expect(await screen.findByRole('alert')).toHaveTextContent('This is internal.');
});

test('a session that may not read reports goes to the payments', async () => {
  api.use(
    http.get(`${baseUrl}/session`, () => HttpResponse.json({ ...session, scopes: ['payments:read'] })),
    http.get(`${baseUrl}/payments`, () => HttpResponse.json({ items: [], nextCursor: null })),
  );
  const { router } = renderConsole('/');
  expect(await screen.findByText('No payments yet.')).toBeVisible();
  expect(router.state.location.pathname).toBe('/payments');
});
