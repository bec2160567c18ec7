import { render, screen } from '@testing-library/react';
import { http, HttpResponse } from 'msw';
import { expect, test, vi } from 'vitest';
import { usePlatform } from '../lib/platform-context.ts';
import { api, baseUrl } from '../testing/fake-api.ts';
import { renderConsole } from '../testing/render-console.tsx';

test('an address without a page leads back to the payments', async () => {
  renderConsole('/nowhere');
  expect(await screen.findByRole('heading', { name: 'Page not found' })).toBeVisible();
  expect(screen.getByRole('link', { name: 'View payments' })).toHaveAttribute('href', '/payments');
});

test('a page that cannot be drawn offers to load it again', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  api.use(http.get(`${baseUrl}/payments`, () => HttpResponse.json({ items: 'of another version' })));
  renderConsole('/payments');
  expect(await screen.findByRole('heading', { name: 'Something went wrong' })).toBeVisible();
  expect(screen.getByRole('button', { name: 'Load again' })).toBeVisible();
});

test('a component outside the context of the platform is refused', () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const Lost = () => usePlatform().config.environmentName;
  expect(() => render(<Lost />)).toThrow('usePlatform was called outside PlatformContext.');
});
