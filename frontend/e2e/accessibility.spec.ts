import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { openPage, signIn, takePayment, test } from './console.ts';

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`)).toEqual([]);
}

/** Every page, each in the state with the most on it. */
async function visitEveryPage(page: Page, check: () => Promise<void>): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('API key').fill('sk_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  await check();
  await signIn(page);
  await takePayment(page, { amount: '' });
  await page.getByText('Enter an amount such as').waitFor();
  await check();
  await takePayment(page, { amount: '1234567.89', reference: 'a-rather-long-reference-of-a-merchant' });
  await page.getByText('The amount is charged.').waitFor();
  await check();
  await page.getByRole('link', { name: 'View payment', exact: true }).click();
  await page.getByText('Balanced: debits equal credits.').waitFor();
  await page.getByLabel('Add a document').setInputFiles({
    name: 'a-rather-long-name-of-a-document-of-a-merchant.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('proof'),
  });
  await page.getByRole('button', { name: 'Upload' }).click();
  await page.getByRole('button', { name: /^Download/ }).waitFor();
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
  await check();
  await openPage(page, 'Payments');
  await page.getByRole('heading', { name: 'Payments', exact: true }).waitFor();
  await page.getByRole('table').waitFor();
  await check();
  await openPage(page, 'Balances');
  await page.getByRole('region', { name: 'Ledger entries' }).waitFor();
  await check();
  await openPage(page, 'Refunds');
  await page.getByRole('heading', { name: 'Refunds' }).waitFor();
  await page.getByRole('link', { name: 'Export' }).waitFor();
  await check();
  await openPage(page, 'Developers');
  await page.getByRole('button', { name: 'Issue a key' }).click();
  await page.getByRole('region', { name: 'API keys' }).waitFor();
  await check();
  await openPage(page, 'Webhooks');
  await page.getByRole('button', { name: 'Add an endpoint' }).click();
  await page.getByLabel('URL').fill('https://a-rather-long-name-of-a-shop.invalid/hooks/of/the/warehouse');
  await check();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('region', { name: 'Webhook endpoints' }).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await page.getByRole('link', { name: 'Attempts of webhook.test' }).first().click();
  await page.getByRole('heading', { name: 'Attempts of webhook.test' }).waitFor();
  await check();
  await openPage(page, 'Home');
  await page.getByRole('heading', { name: /^Volume in/ }).waitFor();
  await page.getByText('Show as a table').click();
  await check();
  await page.goto('/nowhere');
  await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  await check();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe reports no violation on any page in ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme });
    await visitEveryPage(page, () => expectAccessible(page));
  });
}

test('no page is wider than 360 px', async ({ page }) => {
  test.slow();
  await page.setViewportSize({ width: 360, height: 740 });
  await visitEveryPage(page, async () => {
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  });
});

test('the heading that receives the focus has no frame, and a link that does has one', async ({ page }) => {
  await signIn(page, '/payments');
  const heading = page.getByRole('heading', { name: 'Payments' });
  await expect(heading).toBeFocused();
  await expect(heading).toHaveCSS('outline-style', 'none');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Export' })).toHaveCSS('outline-style', 'solid');
});

test('on a narrow screen the filters are folded, and a payment is a card with its status', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page);
  await takePayment(page, { amount: '12', reference: 'card-of-a-payment' });
  await page.getByText('The amount is charged.').waitFor();
  await openPage(page, 'Payments');
  await expect(page.getByLabel('Status')).toBeHidden();
  const card = page.getByRole('row', { name: /card-of-a-payment/ });
  await expect(card.getByText('Captured')).toBeInViewport({ ratio: 1 });
  await page.getByText('Filters').click();
  await expect(page.getByLabel('Status')).toBeVisible();
});

test('on a narrow screen the navigation is behind a button, and closes with Escape and after the next page', async ({
  page,
}) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await signIn(page);
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation).toBeHidden();
  await page.getByRole('button', { name: 'Menu' }).click();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(navigation).toBeHidden();
  await openPage(page, 'Balances');
  await expect(page.getByRole('heading', { name: 'Balances' })).toBeFocused();
  await expect(navigation).toBeHidden();
});

test('text has the font of the console, and its digits have one width', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  const widths = await page.evaluate(async () => {
    await document.fonts.ready;
    const widthOf = (text: string, className: string) => {
      const element = document.createElement('span');
      element.className = className;
      element.textContent = text;
      document.body.append(element);
      return element.getBoundingClientRect().width;
    };
    return {
      isLoaded: document.fonts.check('16px "Figtree Variable"'),
      ones: widthOf('111,111', 'number'),
      eights: widthOf('888,888', 'number'),
    };
  });
  expect(widths.isLoaded).toBe(true);
  expect(widths.ones).toBe(widths.eights);
});

test('a payment can be created with the keyboard only', async ({ page }) => {
  await signIn(page);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await page.goto('/payments');
  await page.getByRole('heading', { name: 'Payments' }).waitFor();
  // Backwards from the heading: the button to sign out, the navigation, the link to the content.
  const links = await page.getByRole('navigation', { name: 'Main' }).getByRole('link').count();
  await press(...Array.from({ length: links + 2 }, () => 'Shift+Tab'));
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await press('Tab', 'Tab', 'Tab', 'Enter');
  await expect(page.getByRole('heading', { name: 'Take a payment' })).toBeFocused();
  await press('Tab');
  await page.keyboard.type('7.25');
  await press('Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Tab', 'Enter');
  await expect(page.getByRole('status')).toContainText('EUR 7.25');
  await expect(page.getByRole('status')).toContainText('Captured');
});
