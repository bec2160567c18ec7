import { fireEvent, screen, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test } from 'vitest';
import { api, baseUrl, session } from '../testing/fake-api.ts';
import { renderConsole } from '../testing/render-console.tsx';

const noPayments = http.get(`${baseUrl}/payments`, () => HttpResponse.json({ items: [], nextCursor: null }));

test('the menu opens, and closes with Escape, with its button and with the next page', async () => {
  api.use(noPayments);
  const { user } = renderConsole('/payments');
  const button = await screen.findByRole('button', { name: 'Menu' });
  expect(button).toHaveAttribute('aria-expanded', 'false');
  await user.click(button);
  expect(button).toHaveAttribute('aria-expanded', 'true');
  fireEvent.keyDown(button, { key: 'Tab' });
  expect(button).toHaveAttribute('aria-expanded', 'true');
  await user.keyboard('{Escape}');
  expect(button).toHaveAttribute('aria-expanded', 'false');
  await user.click(button);
  await user.click(button);
  expect(button).toHaveAttribute('aria-expanded', 'false');
  await user.click(button);
  const menu = within(screen.getByRole('navigation', { name: 'Main' }));
  await user.click(menu.getByRole('link', { name: 'Take a payment' }));
  await screen.findByRole('heading', { name: 'Take a payment' });
  expect(button).toHaveAttribute('aria-expanded', 'false');
});

test('the navigation has the pages that the scopes of the session permit', async () => {
  api.use(
    noPayments,
    http.get(`${baseUrl}/session`, () => HttpResponse.json({ ...session, scopes: ['payments:read'] })),
  );
  renderConsole('/payments');
  const menu = within(await screen.findByRole('navigation', { name: 'Main' }));
  expect(menu.getAllByRole('link').map(({ textContent }) => textContent.trim())).toEqual(['Payments', 'Refunds']);
});
