import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from '@playwright/test';
import { Webhook } from 'standardwebhooks';
import { openPage, signIn, test } from './console.ts';

interface Received {
  readonly body: string;
  readonly headers: Record<string, string>;
}

test('a developer adds an endpoint, verifies a test event with its secret, and sends it again', async ({ page }) => {
  test.slow();
  const received: Received[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ body, headers: request.headers as Record<string, string> });
      response.writeHead(200).end('Thank you');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;

  await signIn(page);
  await openPage(page, 'Webhooks');
  await page.getByRole('button', { name: 'Add an endpoint' }).click();
  await page.getByLabel('URL').fill(url);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  const shown = page.getByRole('region', { name: 'The signing secret' }).getByText(/^whsec_/);
  const secret = (await shown.textContent()) ?? '';
  await page.getByRole('link', { name: url }).click();
  await page.getByRole('button', { name: 'Send a test event' }).click();
  const row = page.getByRole('region', { name: 'Deliveries' }).getByRole('row', { name: /webhook\.test/ });
  await expect(row.getByText('Delivered')).toBeVisible();
  expect(received).toHaveLength(1);
  const [event] = received;
  expect(new Webhook(secret).verify(event?.body ?? '', event?.headers ?? {})).toMatchObject({ type: 'webhook.test' });

  await row.getByRole('button', { name: 'Resend' }).click();
  await expect.poll(() => received.length).toBe(2);
  await row.getByRole('link', { name: 'Attempts' }).click();
  const attempts = page.getByRole('region', { name: 'Attempts' }).getByRole('row', { name: /Thank you/ });
  await expect(attempts.first()).toContainText('200');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Confirm to delete' }).click();
  await expect(page.getByRole('heading', { name: 'Webhooks', exact: true })).toBeFocused();
  receiver.close();
});
