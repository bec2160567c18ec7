import type { WebhookAttempt, WebhookDelivery, WebhookEndpoint } from '@payment-platform/app/api-types';
import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { api, baseUrl, postAnswers, problemResponse } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

const created = '2026-03-01T10:00:00.123456Z';
const endpoint: WebhookEndpoint = {
  id: '0198b1c0-0000-7000-8000-0000000000e1',
  url: 'https://shop.example/hooks',
  eventTypes: ['payment.captured', 'refund.succeeded'],
  description: 'Warehouse',
  createdAt: created,
  failingSince: null,
  disabledAt: null,
  disabledReason: null,
};
const delivery: WebhookDelivery = {
  id: '0198b1c0-0000-7000-8000-0000000000d1',
  eventId: '0198b1c0-0000-7000-8000-0000000000f1',
  eventType: 'payment.captured',
  paymentId: '0198b1c0-0000-7000-8000-00000000000a',
  status: 'delivered',
  createdAt: created,
  nextAttemptAt: null,
  endedAt: created,
};
const list = '/webhook-endpoints';
const one = `${list}/${endpoint.id}`;
const page = `/webhooks/${endpoint.id}`;

const listing = (path: string, items: readonly unknown[]) =>
  http.get(baseUrl + path, () => HttpResponse.json({ items, nextCursor: null }));

/** Answers what the page of an endpoint asks for. */
function showEndpoint(changes: Partial<WebhookEndpoint> = {}, deliveries: readonly WebhookDelivery[] = []) {
  api.use(
    http.get(baseUrl + one, () => HttpResponse.json({ ...endpoint, ...changes })),
    listing(`${one}/deliveries`, deliveries),
  );
}

test('lists the endpoints with their state, and a row opens its endpoint', async () => {
  api.use(
    listing(list, [
      endpoint,
      { ...endpoint, id: 'b', url: 'https://b.example/', failingSince: created },
      { ...endpoint, id: 'c', url: 'https://c.example/', disabledAt: created, disabledReason: 'gone' },
      {
        ...endpoint,
        id: 'd',
        url: 'https://d.example/',
        disabledAt: created,
        disabledReason: 'requested',
        description: null,
      },
    ]),
  );
  showEndpoint();
  const { router, user } = renderConsole('/webhooks');
  const rows = within(await screen.findByRole('region', { name: 'Webhook endpoints' })).getAllByRole('row');
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    'URLStateDescriptionEventsCreated',
    expect.stringContaining('hooksEnabledWarehouse2'),
    expect.stringContaining('Failing'),
    expect.stringContaining('Disabled It answered 410'),
    expect.stringContaining('Disabled–2'),
  ]);
  await user.click(screen.getAllByText('Warehouse')[0] as HTMLElement);
  await waitFor(() => {
    expect(router.state.location.pathname).toBe(page);
  });
});

test('without endpoints it says what they are for, and a new one shows its secret once', async () => {
  api.use(listing(list, []));
  const sent = postAnswers(
    list,
    () => problemResponse(400, 'validation-failed', { detail: 'The URL must start with https://.' }),
    () => HttpResponse.json({ ...endpoint, secret: 'whsec_new' }, { status: 201 }),
  );
  const { user } = renderConsole('/webhooks');
  expect(await screen.findByText('No webhook endpoints yet.')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Add an endpoint' }));
  await user.type(screen.getByLabelText('URL'), 'https://shop.example/hooks');
  for (const box of screen.getAllByRole('checkbox')) await user.click(box);
  await user.click(screen.getByRole('button', { name: 'Add' }));
  expect(screen.getByRole('group')).toHaveAccessibleDescription('Choose at least one event.');
  expect(sent).toEqual([]);
  await user.click(screen.getByLabelText(/^A payment is captured/));
  await user.click(screen.getByRole('button', { name: 'Add' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('must start with https://');
  await user.click(screen.getByRole('button', { name: 'Add' }));
  expect(await screen.findByText('whsec_new')).toBeVisible();
  expect(sent[1]?.body).toEqual({ url: 'https://shop.example/hooks', eventTypes: ['payment.captured'] });
  expect(screen.queryByLabelText('URL')).toBeNull();
});

test('an endpoint is changed, with what it has already in the form', async () => {
  showEndpoint({ failingSince: created });
  let body: unknown;
  api.use(
    http.put(baseUrl + one, async ({ request }) => {
      body = await request.json();
      return HttpResponse.json(endpoint);
    }),
  );
  const { user } = renderConsole(page);
  expect(await screen.findByText('Failing since')).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Change' }));
  await user.click(screen.getByLabelText(/^A void is declined/));
  await user.click(screen.getByRole('button', { name: 'Save' }));
  expect(await screen.findByText('Saved the endpoint.')).toBeVisible();
  expect(body).toEqual({
    url: endpoint.url,
    description: 'Warehouse',
    eventTypes: ['payment.captured', 'refund.succeeded', 'void.declined'],
  });
  expect(screen.queryByLabelText('URL')).toBeNull();
});

test('an endpoint is disabled, enabled, tested and deleted, and its secret is rolled', async () => {
  showEndpoint();
  postAnswers(`${one}/test`, () => HttpResponse.json(delivery, { status: 202 }));
  postAnswers(`${one}/roll`, () => HttpResponse.json({ ...endpoint, secret: 'whsec_rolled' }));
  postAnswers(`${one}/disable`, () => {
    showEndpoint({ disabledAt: created, disabledReason: 'requested' });
    return HttpResponse.json(endpoint);
  });
  postAnswers(`${one}/enable`, () => HttpResponse.json(endpoint));
  let isDeleted = false;
  api.use(
    listing(list, []),
    http.delete(baseUrl + one, () => {
      isDeleted = true;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { router, user } = renderConsole(page);
  const press = async (name: string) => user.click(await screen.findByRole('button', { name }));
  expect(await screen.findByText('Nothing was sent yet.')).toBeVisible();
  await press('Send a test event');
  expect(await screen.findByText('The test event is being sent.')).toBeVisible();
  await press('Roll the secret');
  expect(await screen.findByText('whsec_rolled')).toBeVisible();
  await press('Disable');
  expect(await screen.findByText('Disabled. Its events wait.')).toBeVisible();
  await press('Enable');
  expect(await screen.findByText('Enabled. Events that waited are sent.')).toBeVisible();
  await press('Delete');
  expect(isDeleted).toBe(false);
  await press('Confirm to delete');
  expect(await screen.findByText('Deleted the endpoint.')).toBeVisible();
  expect(isDeleted).toBe(true);
  await waitFor(() => {
    expect(router.state.location.pathname).toBe('/webhooks');
  });
});

test('a delivery shows its attempts and is sent again', async () => {
  const attempt: WebhookAttempt = {
    id: 'a1',
    createdAt: created,
    durationMilliseconds: 37,
    statusCode: 500,
    error: null,
    responseStart: 'No disk space',
  };
  showEndpoint({}, [
    { ...delivery, status: 'pending', nextAttemptAt: '2026-03-01T10:05:00.000000Z' },
    { ...delivery, id: 'd2', eventType: 'webhook.test', paymentId: null, status: 'parked' },
  ]);
  api.use(
    listing(`${one}/deliveries/${delivery.id}/attempts`, [
      attempt,
      { ...attempt, id: 'a2', statusCode: null, error: 'timeout', responseStart: null },
    ]),
    listing(`${one}/deliveries/d2/attempts`, []),
  );
  const sent = postAnswers(`${one}/deliveries/${delivery.id}/resend`, () =>
    HttpResponse.json(delivery, { status: 202 }),
  );
  const { user } = renderConsole(page);
  await user.click(await screen.findByRole('link', { name: 'Attempts of payment.captured' }));
  const attempts = within(await screen.findByRole('region', { name: 'Attempts' }));
  expect(attempts.getByRole('row', { name: /500/ })).toHaveTextContent('50037 msNo disk space');
  expect(attempts.getByRole('row', { name: /timeout/ })).toBeVisible();
  await user.click(screen.getByRole('button', { name: 'Resend payment.captured' }));
  expect(await screen.findByText('payment.captured is being sent again.')).toBeVisible();
  expect(sent).toHaveLength(1);
  expect(screen.getByRole('link', { name: 'View payment' })).toHaveAttribute(
    'href',
    `/payments/${delivery.paymentId ?? ''}`,
  );
  await user.click(screen.getByRole('link', { name: 'Attempts of webhook.test' }));
  expect(await screen.findByText('No attempt yet.')).toBeVisible();
});

test('deliveries are filtered by status, and an unknown status is ignored', async () => {
  showEndpoint();
  const asked: string[] = [];
  api.use(
    http.get(`${baseUrl}${one}/deliveries`, ({ request }) => {
      asked.push(new URL(request.url).search);
      return HttpResponse.json({ items: [], nextCursor: null });
    }),
  );
  const { user } = renderConsole(`${page}?status=lost`);
  await user.click(await screen.findByRole('link', { name: 'Parked' }));
  await user.click(await screen.findByRole('link', { name: 'Show all deliveries' }));
  expect(await screen.findByText('Nothing was sent yet.')).toBeVisible();
  expect(asked.slice(0, 2)).toEqual(['?limit=20', '?limit=20&status=parked']);
});

test('shows why an endpoint cannot be shown', async () => {
  showEndpoint();
  api.use(http.get(baseUrl + one, () => problemResponse(404, 'not-found', { detail: 'There is no such endpoint.' })));
  renderConsole(page);
  expect(await screen.findByRole('alert')).toHaveTextContent('There is no such endpoint.');
});
