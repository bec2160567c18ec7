import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { apiKey, personPassword, test } from './console.ts';

// Each passes through two sites.
test.describe.configure({ timeout: 60_000 });

async function signInAs(page: Page, person: string, path = '/'): Promise<void> {
  await page.goto(path);
  await page.getByRole('link', { name: 'Sign in as a person' }).click();
  await expect(page.getByRole('heading', { name: 'Local identity provider' })).toBeVisible();
  await page.getByLabel('Person').selectOption({ label: person });
  await page.getByLabel('Password').fill(personPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out', includeHidden: true }).waitFor({ state: 'attached' });
}

test('a person signs in, comes back to the page, and signs out at the provider, too', async ({ page, context }) => {
  await signInAs(page, 'Ada Novak, administrator', '/payments?status=declined');
  await expect(page).toHaveURL(/localhost:\d+\/payments\?status=declined$/);
  await expect(page.getByText('Ada Novak')).toBeVisible();
  const cookies = await context.cookies(new URL('/api/v1/session/callback', page.url()).href);
  expect(cookies).toMatchObject([{ httpOnly: true, sameSite: 'Strict', path: '/api' }]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  // Without the provider's own token, it asks.
  await page.getByRole('button', { name: 'Yes, sign me out' }).click();
  await expect(page.getByRole('link', { name: 'Sign in as a person' })).toBeVisible();
  await page.getByRole('link', { name: 'Sign in as a person' }).click();
  await expect(page.getByLabel('Password')).toBeVisible();
});

test('a viewer cannot refund, neither in the console nor in the API', async ({ page }) => {
  const taken = await page.request.post('/api/v1/payments', {
    headers: { Authorization: `Bearer ${apiKey}`, 'Idempotency-Key': randomUUID() },
    data: { amountMinor: 1250, currency: 'EUR', paymentToken: 'tok_approve', capture: 'automatic' },
  });
  const payment = `/payments/${((await taken.json()) as { id: string }).id}`;
  await signInAs(page, 'Vera Lind, viewer', payment);
  await expect(page).toHaveURL(new RegExp(`${payment}$`));
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Refund' })).toHaveCount(0);
  await expect(page.getByRole('link', { name: 'Take a payment' })).toHaveCount(0);
  const status = await page.evaluate(async (path) => {
    const response = await fetch(`/api/v1${path}/refunds`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
      body: '{}',
    });
    return response.status;
  }, payment);
  expect(status).toBe(403);
});

test('a wrong password signs nobody in', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in as a person' }).click();
  await page.getByLabel('Password').fill(apiKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toContainText('The password is wrong.');
  await page.goto('/');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a callback that this browser did not begin signs nobody in', async ({ page }) => {
  await page.goto('/api/v1/session/callback?code=stolen&state=foreign');
  await expect(page.getByRole('alert')).toContainText('The sign-in took too long or began in another browser.');
});
