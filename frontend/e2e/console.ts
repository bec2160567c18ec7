import { test as base, type Page } from '@playwright/test';

function fromSetup(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; the global setup sets it.`);
  return value;
}

const consoleUrl = fromSetup('CONSOLE_URL');
export const apiKey = fromSetup('CONSOLE_API_KEY');
export const personPassword = fromSetup('CONSOLE_PERSON_PASSWORD');

/** Tests in which any error of the page, and anything that its content security policy refuses, is a failure. */
export const test = base.extend<{ surprises: string[] }>({
  baseURL: consoleUrl,
  surprises: [
    async ({ page }, use) => {
      const surprises: string[] = [];
      page.on('pageerror', (error) => surprises.push(error.message));
      page.on('console', (message) => {
        // The browser logs every refusal of the API, and tests ask for some.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
          surprises.push(message.text());
      });
      await use(surprises);
      if (surprises.length > 0) throw new Error(`The page complained:\n${surprises.join('\n')}`);
    },
    { auto: true },
  ],
});

export async function signIn(page: Page, path = '/'): Promise<void> {
  await page.goto(path);
  await page.getByLabel('API key').fill(apiKey);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out', includeHidden: true }).waitFor({ state: 'attached' });
}

/** Opens a page by the navigation, which a button shows on a narrow screen. */
export async function openPage(page: Page, name: string): Promise<void> {
  const menu = page.getByRole('button', { name: 'Menu' });
  await page.getByRole('button', { name: 'Menu', includeHidden: true }).waitFor({ state: 'attached' });
  if (await menu.isVisible()) await menu.click();
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();
}

export interface Entry {
  readonly amount: string;
  readonly currency?: string;
  /** What the simulated acquirer shall do, by the form's words. */
  readonly card?: string;
  readonly reference?: string;
  readonly later?: boolean;
}

/** Fills the form in and sends it; the caller says what must come of it. */
export async function takePayment(page: Page, { amount, currency, card, reference, later }: Entry): Promise<void> {
  await openPage(page, 'Take a payment');
  await page.getByLabel('Amount', { exact: true }).fill(amount);
  if (currency !== undefined) await page.getByLabel('Currency').selectOption(currency);
  if (card !== undefined) await page.getByLabel('Payment token').selectOption({ label: card });
  if (reference !== undefined) await page.getByLabel('Reference').fill(reference);
  if (later) await page.getByLabel('Capture later').check();
  await page.getByRole('button', { name: 'Take payment' }).click();
}
