import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { describe, expect, test, vi } from 'vitest';
import * as leaving from '../../lib/leave-to.ts';
import { api, baseUrl, problemResponse, session } from '../../testing/fake-api.ts';
import { renderConsole } from '../../testing/render-console.tsx';

const signedOut = http.get(`${baseUrl}/session`, () => problemResponse(401, 'unauthenticated'));
const noPayments = http.get(`${baseUrl}/payments`, () => HttpResponse.json({ items: [], nextCursor: null }));

test('redirects to the sign-in page without a session, and back afterwards', async () => {
  api.use(signedOut, noPayments);
  api.use(http.post(`${baseUrl}/session`, () => HttpResponse.json(session, { status: 201 })));
  const { router, user } = renderConsole('/payments?status=voided');
  await user.type(await screen.findByLabelText('API key'), ' sk_key ');
  await user.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(await screen.findByText('No payments match these filters.')).toBeVisible();
  expect(router.state.location).toMatchObject({ pathname: '/payments', search: '?status=voided' });
  expect(screen.getByText('Corner shop')).toBeVisible();
});

test.each(['//evil.example', '/\\evil.example', 'https://evil.example'])('does not redirect to %s', async (path) => {
  api.use(http.get(`${baseUrl}/webhook-endpoints`, () => HttpResponse.json({ items: [], nextCursor: null })));
  const { router } = renderConsole(`/sign-in?return=${encodeURIComponent(path)}`);
  await screen.findByRole('heading', { name: 'Home' });
  expect(router.state.location.pathname).toBe('/');
});

test('any 401 leads to the sign-in page', async () => {
  api.use(http.get(`${baseUrl}/payments`, () => problemResponse(401, 'unauthenticated')));
  renderConsole('/payments');
  const heading = await screen.findByRole('heading', { name: 'Sign in' });
  // The heading is in the document a moment before its effect takes the focus.
  await waitFor(() => {
    expect(heading).toHaveFocus();
  });
});

test('signing out clears the cache', async () => {
  let signedInStill = true;
  api.use(
    noPayments,
    http.delete(`${baseUrl}/session`, () => {
      signedInStill = false;
      return new HttpResponse(null, { status: 204 });
    }),
  );
  const { user } = renderConsole('/payments');
  await user.click(await screen.findByRole('button', { name: 'Sign out' }));
  expect(await screen.findByRole('heading', { name: 'Sign in' })).toBeVisible();
  await waitFor(() => {
    expect(screen.queryByText('Corner shop')).toBeNull();
  });
  expect(signedInStill).toBe(false);
});

describe('where persons sign in', () => {
  const offered = { personSignIn: true };

  test('the page leads to the API with the way back', async () => {
    api.use(signedOut);
    renderConsole('/payments?status=voided', offered);
    const link = await screen.findByRole('link', { name: 'Sign in as a person' });
    expect(link).toHaveAttribute('href', `${baseUrl}/session/sign-in?return=%2Fpayments%3Fstatus%3Dvoided`);
    expect(screen.getByLabelText('API key')).toBeVisible();
  });

  test('elsewhere, only a key signs in', async () => {
    api.use(signedOut);
    renderConsole('/');
    await screen.findByLabelText('API key');
    expect(screen.queryByRole('link', { name: 'Sign in as a person' })).toBeNull();
  });

  test.each([
    ['no-role', 'You have no role in this console. Ask your administrator for one.'],
    ['<b>unknown</b>', 'The sign-in failed. Try again.'],
  ])('the reason %s is explained', async (problem, text) => {
    api.use(signedOut);
    renderConsole(`/sign-in?problem=${encodeURIComponent(problem)}`, offered);
    expect(await screen.findByRole('alert')).toHaveTextContent(text);
  });

  test('a person is named, and leaves the provider, too', async () => {
    const left = vi.spyOn(leaving, 'leaveTo').mockReturnValue();
    const person = { subject: 'vera', name: 'Vera Lind', role: 'viewer' } as const;
    api.use(noPayments);
    api.use(http.get(`${baseUrl}/session`, () => HttpResponse.json({ ...session, person })));
    api.use(http.delete(`${baseUrl}/session`, () => new HttpResponse(null, { status: 204 })));
    const { user } = renderConsole('/payments', offered);
    expect(await screen.findByText(/Vera Lind/)).toHaveTextContent('Vera Lind viewer');
    await user.click(screen.getByRole('button', { name: 'Sign out' }));
    await waitFor(() => {
      expect(left).toHaveBeenCalledWith(`${baseUrl}/session/provider-sign-out`);
    });
  });
});

test('an unreachable API is not shown as a missing session', async () => {
  api.use(http.get(`${baseUrl}/session`, () => HttpResponse.error()));
  renderConsole('/payments');
  expect(await screen.findByRole('alert', {}, { timeout: 8000 })).toHaveTextContent('cannot be reached');
});

test('the front page leads to the sign-in page without a way back', async () => {
  api.use(signedOut);
  const { router } = renderConsole('/');
  await screen.findByRole('heading', { name: 'Sign in' });
  expect(router.state.location).toMatchObject({ pathname: '/sign-in', search: '' });
});
