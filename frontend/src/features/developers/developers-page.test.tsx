import type { ApiKey } from '@payment-platform/app/api-types';
import { screen, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { api, baseUrl, postAnswers, problemResponse } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

const server: ApiKey = {
  id: '0198b1c0-0000-7000-8000-0000000000aa',
  name: 'Server',
  scopes: ['payments:read'],
  createdAt: '2026-03-01T10:00:00.123456Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
};

function listing(...items: ApiKey[]) {
  api.use(http.get(`${baseUrl}/api-keys`, () => HttpResponse.json({ items, nextCursor: null })));
}

const issue = async (user: ReturnType<typeof renderConsole>['user'], ...scopes: RegExp[]) => {
  await user.click(await screen.findByRole('button', { name: 'Issue a key' }));
  await user.type(screen.getByLabelText('Name'), 'Till 7');
  for (const scope of scopes) await user.click(screen.getByLabelText(scope));
  await user.click(screen.getByRole('button', { name: 'Issue' }));
};

test('shows state, scopes and last use of each key, and what can be done with it', async () => {
  listing(
    server,
    { ...server, id: 'b', name: 'Till', lastUsedAt: '2026-03-02T09:30:00.000000Z', expiresAt: '2100-01-01T00:00:00Z' },
    { ...server, id: 'c', name: 'Old', revokedAt: '2026-03-02T09:30:00.000000Z' },
    { ...server, id: 'd', name: 'Older', expiresAt: '2026-03-02T09:30:00.000000Z' },
  );
  renderConsole('/developers');
  const table = within(await screen.findByRole('table'));
  expect(table.getByRole('row', { name: /^Server/ })).toHaveTextContent('ServerActivepayments:readNeverRollRevoke');
  expect(table.getByRole('row', { name: /^Till/ })).toHaveTextContent(/Expires 1 Jan 2100.*2 Mar 2026.*Roll/);
  for (const name of [/^Old /, /^Older/])
    expect(within(table.getByRole('row', { name })).queryByRole('button')).toBeNull();
  expect(screen.getByRole('link', { name: 'OpenAPI description' })).toHaveAttribute('href', `${baseUrl}/openapi.json`);
});

test('issues a key with the chosen scopes and shows its secret', async () => {
  listing();
  const sent = postAnswers('/api-keys', () =>
    HttpResponse.json({ ...server, name: 'Till 7', secret: 'sk_secret' }, { status: 201 }),
  );
  const { user } = renderConsole('/developers');
  await issue(user, /^Take, capture/, /^Refund payments/);
  expect(await screen.findByText('sk_secret')).toBeVisible();
  expect(screen.getByRole('button', { name: 'Copy the key' })).toBeVisible();
  expect(sent.map(({ body }) => body)).toEqual([{ name: 'Till 7', scopes: ['payments:write', 'refunds:write'] }]);
  expect(screen.queryByLabelText('Name')).toBeNull();
});

test('asks for a scope, and shows why a key is refused', async () => {
  listing();
  const sent = postAnswers('/api-keys', () =>
    problemResponse(403, 'insufficient-scope', { detail: 'Your key cannot grant scopes that it lacks.' }),
  );
  const { user } = renderConsole('/developers');
  await issue(user);
  expect(screen.getByRole('group')).toHaveAccessibleDescription('Choose what the key may do.');
  expect(sent).toEqual([]);
  await user.click(screen.getByLabelText(/^Administer API keys/));
  await user.click(screen.getByRole('button', { name: 'Issue' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('cannot grant scopes');
});

test('rolls a key and shows the secret of the new one', async () => {
  listing(server);
  postAnswers(`/api-keys/${server.id}/roll`, () =>
    HttpResponse.json({ ...server, secret: 'sk_rolled' }, { status: 201 }),
  );
  const { user } = renderConsole('/developers');
  await user.click(await screen.findByRole('button', { name: 'Roll Server' }));
  expect(await screen.findByText('sk_rolled')).toBeVisible();
});

test('revokes a key after a confirmation', async () => {
  listing(server);
  const sent = postAnswers(`/api-keys/${server.id}/revoke`, () => HttpResponse.json(server));
  const { user } = renderConsole('/developers');
  await user.click(await screen.findByRole('button', { name: 'Revoke Server' }));
  expect(sent).toEqual([]);
  await user.click(screen.getByRole('button', { name: 'Confirm to revoke Server' }));
  expect(await screen.findByText('Revoked Server.')).toBeVisible();
  expect(sent).toHaveLength(1);
});

test('shows why keys cannot be listed or rolled', async () => {
  api.use(http.get(`${baseUrl}/api-keys`, () => problemResponse(403, 'insufficient-scope')));
  renderConsole('/developers');
  expect(await screen.findByRole('alert')).toHaveTextContent('This is insufficient-scope.');
});
