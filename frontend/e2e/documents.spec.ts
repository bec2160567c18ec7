import { expect } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { signIn, takePayment, test } from './console.ts';

const content = 'day,amount\n2026-03-01,10.50\n';

test('uploads and downloads a document byte for byte', async ({ page }) => {
  await signIn(page);
  await takePayment(page, { amount: '10.50' });
  await page.getByRole('link', { name: 'View payment' }).click();
  await expect(page.getByText('No documents yet.')).toBeVisible();
  await page.getByLabel('Add a document').setInputFiles({
    name: 'Beleg März.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(content),
  });
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.getByText('The document is stored.')).toBeVisible();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download Beleg März.csv' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('Beleg März.csv');
  expect(readFileSync(await download.path(), 'utf8')).toBe(content);
  // The page stays where it is.
  await expect(page.getByRole('heading', { name: 'Documents' })).toBeVisible();
});

test('shows a failed upload, which can be retried', async ({ page }) => {
  let refusals = 1;
  await page.route(/^http:\/\/127\.0\.0\.1:\d+\/documents\//, (route) =>
    route.request().method() === 'PUT' && refusals-- > 0
      ? route.fulfill({ status: 403, headers: { 'access-control-allow-origin': '*' }, body: 'AccessDenied' })
      : route.continue(),
  );
  await signIn(page);
  await takePayment(page, { amount: '3' });
  await page.getByRole('link', { name: 'View payment' }).click();
  await page.getByLabel('Add a document').setInputFiles({
    name: 'proof.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('proof'),
  });
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.getByRole('alert')).toContainText('The file was not uploaded');
  await page.getByRole('button', { name: 'Upload' }).click();
  await expect(page.getByRole('button', { name: 'Download proof.txt' })).toHaveCount(1);
});
