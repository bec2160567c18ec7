import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@playwright/test';
import { test } from './console.ts';

async function violationsOf(axe: AxeBuilder): Promise<string[]> {
  // Swagger UI skips a level of headings and has text outside of its main landmark. Both are advice of axe, not rules of WCAG.
  const { violations } = await axe.disableRules(['heading-order', 'region']).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join('\n')}`);
}

test('the reference shows every group of operations, an example and every problem of an operation', async ({
  page,
}) => {
  // Axe looks at thousands of elements.
  test.setTimeout(240_000);
  await page.goto('/api/docs');
  // Parsing Swagger UI takes a while on a busy machine.
  await expect(page.getByRole('heading', { name: /^Payments API/ })).toBeVisible({ timeout: 90_000 });
  for (const tag of ['payments', 'documents', 'ledger', 'reports', 'api-keys', 'operator'])
    await expect(page.locator(`#operations-tag-${tag}`)).toBeVisible();
  expect(await violationsOf(new AxeBuilder({ page }))).toEqual([]);
  const operation = page.locator('#operations-payments-takePayment');
  await operation.getByRole('button').first().click();
  await expect(operation.getByText('order-1042').first()).toBeVisible();
  await expect(operation.getByRole('link', { name: 'idempotency-key-missing' })).toBeVisible();
  expect(await violationsOf(new AxeBuilder({ page }).include('#operations-payments-takePayment'))).toEqual([]);
  const webhook = page.locator('#operations-webhooks-onPaymentCaptured');
  await webhook.getByRole('button').first().click();
  await expect(webhook.getByText('webhook-signature')).toBeVisible();
  expect(await violationsOf(new AxeBuilder({ page }).include('#operations-webhooks-onPaymentCaptured'))).toEqual([]);
});

test('the type of each problem leads to a page that explains it', async ({ page, request }) => {
  const document = await (await request.get('/api/v1/openapi.json')).text();
  const types = [...new Set(document.match(/"\/problems\/[a-z-]+"/g))].map((type) => type.slice(1, -1));
  expect(types.length).toBeGreaterThan(15);
  for (const type of types) expect((await request.get(type)).status(), type).toBe(200);
  expect((await request.get('/problems/unknown')).status()).toBe(404);
  await page.goto('/problems/idempotency-key-reused');
  await expect(page.getByRole('heading', { name: 'Idempotency-Key already used' })).toBeVisible();
  expect(await violationsOf(new AxeBuilder({ page }))).toEqual([]);
});
