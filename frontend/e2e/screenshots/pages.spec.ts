import type { Page } from '@playwright/test';
import { openPage, signIn, takePayment, test } from '../console.ts';

const widths = [1280, 360];

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of widths) {
    test(`every page, ${colorScheme}, ${width} px`, async ({ page }) => {
      test.slow();
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 900 });
      const shoot = (name: string) =>
        page.screenshot({ path: `screenshots/${name}-${colorScheme}-${width}.png`, fullPage: true });
      await page.goto('/sign-in');
      await shoot('sign-in');
      await signIn(page);
      for (const state of payments) await state(page, shoot);
      await openPage(page, 'Home');
      await page.getByRole('heading', { name: /^Volume in/ }).waitFor();
      await page.locator('.chart canvas').waitFor();
      await shoot('home');
      await openPage(page, 'Balances');
      await page.getByRole('region', { name: 'Ledger entries' }).waitFor();
      await shoot('balances');
      await page.getByRole('heading', { name: 'Balances' }).waitFor();
      await openPage(page, 'Refunds');
      await page.getByRole('region', { name: 'Refunds' }).waitFor();
      await shoot('refunds');
      await openPage(page, 'Webhooks');
      await page.getByRole('button', { name: 'Add an endpoint' }).click();
      await page.getByLabel('URL').fill('https://shop.invalid/hooks');
      await shoot('webhooks-new');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByRole('region', { name: 'Webhook endpoints' }).getByRole('link').first().click();
      await page.getByRole('button', { name: 'Roll the secret' }).click();
      await page.getByText('Copy the signing secret now.').waitFor();
      await page.getByRole('button', { name: 'Send a test event' }).click();
      await page.getByRole('link', { name: 'Attempts of webhook.test' }).click();
      await page.getByRole('region', { name: 'Attempts' }).waitFor();
      await shoot('webhook-endpoint');
      await openPage(page, 'Developers');
      await page.getByRole('button', { name: 'Issue a key' }).click();
      await page.getByRole('region', { name: 'API keys' }).waitFor();
      await shoot('developers');
      if (width === 360) {
        await page.getByRole('button', { name: 'Menu' }).click();
        await shoot('menu');
      }
      await page.goto('/nowhere');
      await shoot('not-found');
    });
  }
}

type Shoot = (name: string) => Promise<unknown>;

const payments: readonly ((page: Page, shoot: Shoot) => Promise<void>)[] = [
  async (page, shoot) => {
    await page.goto('/payments?reference=none-has-this-reference');
    await page.getByText('No payments match these filters.').waitFor();
    await shoot('payments-none');
  },
  async (page, shoot) => {
    await page.goto('/payments/new');
    await page.getByLabel('Amount').waitFor();
    await shoot('payment-new');
  },
  async (page, shoot) => {
    await takePayment(page, { amount: '1234567.89', reference: 'a-rather-long-reference-of-a-merchant' });
    await page.getByRole('link', { name: 'View payment' }).click();
    await page.getByText('Balanced: debits equal credits.').waitFor();
    await shoot('payment');
    await page.getByRole('button', { name: 'Refund', exact: true }).click();
    await page.getByLabel('Amount to refund').fill('12.50');
    await page.getByLabel('Reason').fill('Arrived damaged');
    await page.getByRole('button', { name: 'Refund this amount' }).click();
    await page.getByRole('link', { name: 'View refunds' }).waitFor();
    await shoot('payment-refunded');
  },
  async (page, shoot) => {
    await takePayment(page, { amount: '900', currency: 'JPY', later: true });
    await page.goto('/payments');
    await takePayment(page, { amount: '1.250', currency: 'BHD', card: 'Declined: insufficient funds' });
    await openPage(page, 'Payments');
    await page.getByRole('table').waitFor();
    await shoot('payments');
  },
];
