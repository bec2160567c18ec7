import { expect } from '@playwright/test';
import { apiKey, signIn, test } from './console.ts';

test('signing in sets an HttpOnly, SameSite cookie', async ({ page, context }) => {
  await signIn(page);
  const [cookie, ...others] = await context.cookies(new URL('/api/v1', page.url()).href);
  expect(others).toEqual([]);
  const name = `session-${new URL(page.url()).port}`;
  expect(cookie).toMatchObject({ name, httpOnly: true, sameSite: 'Strict', path: '/api' });
  expect(
    await page.evaluate(() => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)),
  ).toBe('{}{}');
  expect(cookie?.value).not.toContain(apiKey);
});

test('rejects a wrong key', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('API key').fill('sk_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('The API key is invalid.');
});

test('an expired session leads to the sign-in page and back', async ({ page, context }) => {
  await signIn(page, '/payments?status=declined');
  await expect(page).toHaveURL(/\/payments\?status=declined$/);
  await context.clearCookies();
  await page.getByLabel('Status').selectOption('Voided');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('Sign in to continue.')).toBeVisible();
  await page.getByLabel('API key').fill(apiKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/payments\?status=voided$/);
  await expect(page.getByRole('heading', { name: 'Payments' })).toBeFocused();
});

test('does not redirect to another site after signing in', async ({ page }) => {
  await signIn(page, '/sign-in?return=//evil.example');
  await expect(page).toHaveURL(/:\d+\/$/);
});

test('signing out ends the session on the server', async ({ page, context }) => {
  await signIn(page);
  const cookies = await context.cookies(new URL('/api/v1', page.url()).href);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await context.addCookies(cookies);
  expect((await context.request.get('/api/v1/session')).status()).toBe(401);
});
