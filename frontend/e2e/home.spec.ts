import { expect } from '@playwright/test';
import { openPage, signIn, takePayment, test } from './console.ts';

test('after signing in, the home page has the figures of what was taken, a chart and its table', async ({ page }) => {
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Home' })).toBeFocused();
  // A currency of this test alone.
  await takePayment(page, { amount: '40', currency: 'NOK' });
  await page.getByText('The amount is charged.').waitFor();
  await takePayment(page, { amount: '25', currency: 'NOK', card: 'Declined: insufficient funds' });
  await page.getByText('Nothing was charged').waitFor();
  await openPage(page, 'Home');
  await expect(async () => {
    await page.goto('/?currency=NOK');
    await expect(page.getByText('50%', { exact: true }).first()).toBeVisible({ timeout: 2000 });
  }).toPass();
  await expect(page.locator('.figures')).toContainText(/Volume\s*NOK\s40\.00/);
  await expect(page.getByRole('region', { name: 'Declines by reason' })).toContainText('Insufficient funds');
  await expect(page.locator('.chart canvas')).toBeVisible();
  await page.getByText('Show as a table').click();
  await expect(page.getByRole('region', { name: 'Volume of each day' }).getByRole('row').last()).toContainText(
    /NOK\s40\.00/,
  );
  await page.getByRole('link', { name: 'View declined payments' }).click();
  await expect(page.getByRole('region', { name: 'Payments' }).getByRole('row')).toHaveCount(2);
});
