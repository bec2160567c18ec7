import { expect } from '@playwright/test';
import { apiKey, openPage, signIn, takePayment, test } from './console.ts';

test.beforeEach(async ({ page }) => {
  await signIn(page);
});

test('captures a payment automatically, refunds it in parts, and its ledger sums to zero', async ({ page }) => {
  await takePayment(page, { amount: '25.50', reference: 'order-1' });
  await expect(page.getByRole('status')).toContainText('EUR 25.50');
  await expect(page.getByRole('status')).toContainText('Captured');
  await page.getByRole('link', { name: 'View payment' }).click();

  for (const [part, status] of [
    ['5.50', 'Partially refunded'],
    ['20', 'Refunded'],
  ] as const) {
    await page.getByRole('button', { name: 'Refund', exact: true }).click();
    await page.getByLabel('Amount to refund').fill(part);
    await page.getByRole('button', { name: 'Refund this amount' }).click();
    await expect(page.getByRole('status')).toContainText(status);
  }
  await expect(page.getByRole('list').getByText('Refund succeeded')).toHaveCount(2);
  await expect(page.getByRole('region', { name: 'Ledger entries' }).getByRole('row')).toHaveCount(7);
  await expect(page.getByText('Balanced: debits equal credits.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Refund', exact: true })).toHaveCount(0);
});

test('captures an authorization partially', async ({ page }) => {
  await takePayment(page, { amount: '1.250', currency: 'BHD', later: true });
  await expect(page.getByRole('status')).toContainText('Authorized');
  await page.getByRole('link', { name: 'View payment' }).click();
  await page.getByRole('button', { name: 'Capture', exact: true }).click();
  await page.getByLabel('Amount to capture').fill('2');
  await page.getByRole('button', { name: 'Capture this amount' }).click();
  await expect(page.getByText('At most')).toBeVisible();
  await page.getByLabel('Amount to capture').fill('1.005');
  await page.getByRole('button', { name: 'Capture this amount' }).click();
  await expect(page.getByRole('status')).toContainText('Captured');
  await expect(page.getByLabel('Facts').getByText(/BHD\s1\.005/)).toBeVisible();
});

test('voids an authorization', async ({ page }) => {
  await takePayment(page, { amount: '900', currency: 'JPY', later: true });
  await page.getByRole('link', { name: 'View payment' }).click();
  await page.getByRole('button', { name: 'Void', exact: true }).click();
  await page.getByRole('button', { name: 'Void this payment' }).click();
  await expect(page.getByRole('status')).toContainText('Voided');
  await expect(page.getByText('No ledger entries yet.')).toBeVisible();
});

test('a declined payment shows the reason and that nothing was charged', async ({ page }) => {
  await takePayment(page, { amount: '10', card: 'Declined: insufficient funds' });
  await expect(page.getByRole('status')).toContainText('Declined');
  await expect(page.getByRole('status')).toContainText('Nothing was charged: insufficient funds.');
});

for (const { choice, status, reason } of [
  { choice: 'Complete authentication', status: 'Captured', reason: /Balanced/ },
  { choice: 'Fail authentication', status: 'Declined', reason: /authentication.failed/i },
])
  test(`a customer who must authenticate chooses '${choice}' on the page of the bank`, async ({ page }) => {
    await takePayment(page, { amount: '61.50', card: 'The customer must authenticate' });
    await expect(page.getByRole('status')).toContainText('The customer must authenticate.');
    const payment = (await page.getByRole('link', { name: 'View payment' }).getAttribute('href')) ?? '';
    await page.getByRole('link', { name: 'Complete authentication' }).click();
    await page.getByRole('button', { name: choice }).click();
    await page.getByRole('link', { name: 'Return to the merchant' }).click();
    await expect(page).toHaveURL(/\/payments$/);
    await page.goto(payment);
    await expect(page.getByRole('status')).toContainText(status);
    await expect(page.getByRole('main')).toContainText(reason);
  });

test('polls a payment without a response of the acquirer until its outcome is known', async ({ page }) => {
  test.slow();
  await takePayment(page, { amount: '10', card: 'The acquirer does not answer at first' });
  await expect(page.getByRole('status')).toContainText('The acquirer has not answered yet');
  await expect(page.getByRole('status')).toContainText('Captured', { timeout: 60_000 });
});

test('rejects an invalid amount at its field', async ({ page }) => {
  await takePayment(page, { amount: '10.505' });
  await expect(page.getByLabel('Amount')).toHaveAccessibleDescription(/EUR has at most 2 decimals/);
});

test('filters and paginates the list, and its URL can be shared', async ({ page, context }) => {
  const reference = `batch-${Math.random().toString(36).slice(2, 8)}`;
  for (let count = 0; count < 21; count += 1) {
    const answer = await context.request.post('/api/v1/payments', {
      headers: { 'Idempotency-Key': `${reference}-${count}` },
      data: { amountMinor: 100 + count, currency: 'CHF', paymentToken: 'tok_approve', reference, capture: 'automatic' },
    });
    expect(answer.status()).toBe(201);
  }
  await openPage(page, 'Payments');
  await page.getByLabel('Reference').fill(reference);
  await page.getByLabel('Status').selectOption('Captured');
  await page.getByRole('button', { name: 'Apply' }).click();
  const rows = page.getByRole('region', { name: 'Payments' }).getByRole('row');
  await expect(rows).toHaveCount(21);
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(rows).toHaveCount(2);
  await expect(rows.last()).toContainText('CHF 1.00');
  const shared = await context.newPage();
  await shared.goto(page.url());
  await expect(shared.getByRole('region', { name: 'Payments' }).getByRole('row')).toHaveCount(2);
  await page.getByLabel('Status').selectOption('Declined');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page.getByText('No payments match these filters.')).toBeVisible();
});

test('the balances of every currency sum to zero', async ({ page }) => {
  await takePayment(page, { amount: '3' });
  await expect(page.getByRole('status')).toContainText('Captured');
  await openPage(page, 'Balances');
  const sums = page.getByRole('region', { name: 'Balances' }).getByRole('row', { name: /^Difference/ });
  await expect(sums.first()).toBeVisible();
  for (const sum of await sums.all()) await expect(sum.getByRole('cell').last()).toHaveText(/^\D*0(\.0+)?$/);
});

test('finds a payment by its metadata, amount and id', async ({ page }) => {
  const order = Math.random().toString(36).slice(2, 10);
  const response = await page.request.post('/api/v1/payments', {
    headers: { Authorization: `Bearer ${apiKey}`, 'Idempotency-Key': order },
    data: { amountMinor: 4711, currency: 'CHF', paymentToken: 'tok_approve', reference: order, metadata: { order } },
  });
  const { id } = (await response.json()) as { id: string };
  await openPage(page, 'Payments');
  const find = async (text: string) => {
    await page.getByLabel('Find').fill(text);
    await page.getByRole('button', { name: 'Find' }).click();
  };
  await find(`order:${order}`);
  await expect(page).toHaveURL(`/payments?q=order%3A${order}`);
  await expect(page.getByRole('region', { name: 'Payments' }).getByRole('row')).toHaveCount(2);
  await find('CHF 47.11');
  await expect(page.getByRole('row', { name: order })).toBeVisible();
  await find(id);
  await expect(page.getByRole('heading', { name: 'Payment', exact: true })).toBeVisible();
  await page.getByRole('link', { name: order }).click();
  await expect(page).toHaveURL(`/payments?q=order%3A${order}`);
});
