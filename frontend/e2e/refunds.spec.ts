import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { openPage, signIn, takePayment, test } from './console.ts';

test('a refund is in the list of refunds and in its export', async ({ page }) => {
  await signIn(page);
  await takePayment(page, { amount: '31.40' });
  await page.getByRole('link', { name: 'View payment', exact: true }).click();
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
  const reason = `Late ${Math.random().toString(36).slice(2, 8)}`;
  await page.getByLabel('Amount to refund').fill('3.14');
  await page.getByLabel('Reason').fill(reason);
  await page.getByRole('button', { name: 'Refund this amount' }).click();
  await page.getByRole('link', { name: 'View refunds' }).click();
  await expect(page.getByRole('row', { name: reason })).toContainText(/EUR\s3\.14/);

  await page.getByRole('link', { name: 'Today' }).click();
  await expect(page.getByRole('row', { name: reason })).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('refunds.csv');
  expect(readFileSync(await download.path(), 'utf8')).toContain(`EUR,3.14,${reason}`);
});

test('the export of payments has what the list is filtered by', async ({ page }) => {
  await signIn(page);
  const reference = `export-${Math.random().toString(36).slice(2, 8)}`;
  await takePayment(page, { amount: '5', reference });
  await page.getByText('The amount is charged.').waitFor();
  await openPage(page, 'Payments');
  await page.getByLabel('Reference').fill(reference);
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(new RegExp(`reference=${reference}`));
  await expect(page.getByRole('region', { name: 'Payments' }).getByRole('row')).toHaveCount(2);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  expect(lines.slice(1)).toEqual([expect.stringContaining(reference)]);
});
