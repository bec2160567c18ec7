import { expect } from '@playwright/test';
import { openPage, signIn, test } from './console.ts';

test('a developer issues a key, which the API accepts until it is revoked', async ({ page, playwright }) => {
  await signIn(page);
  await openPage(page, 'Developers');
  const name = `Till ${Math.random().toString(36).slice(2, 8)}`;
  await page.getByRole('button', { name: 'Issue a key' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Read payments and refunds').check();
  await page.getByRole('button', { name: 'Issue', exact: true }).click();
  const secret = await page.getByRole('region', { name: 'The new key' }).getByText(/^sk_/).textContent();

  // Without the cookies of the browser.
  const client = await playwright.request.newContext({ baseURL: new URL('/', page.url()).href });
  const headers = { Authorization: `Bearer ${secret ?? ''}` };
  expect((await client.get('/api/v1/refunds', { headers })).status()).toBe(200);
  expect((await client.get('/api/v1/ledger/balances', { headers })).status()).toBe(403);

  const row = page.getByRole('row', { name });
  await row.getByRole('button', { name: 'Revoke' }).click();
  await row.getByRole('button', { name: 'Confirm' }).click();
  await expect(row.getByText('Ended')).toBeVisible();
  expect((await client.get('/api/v1/refunds', { headers })).status()).toBe(401);
  await client.dispose();
});
