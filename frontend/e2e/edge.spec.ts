import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { test } from './console.ts';

const securityHeaders = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'security-headers.json'), 'utf8'),
) as Record<string, string>;

/** Where documents are uploaded to: of every run's own. */
const documentStore = /(?<=connect-src 'self') http:\/\/127\.0\.0\.1:\d+/;

test('pages, files and the API have the same security headers', async ({ request }) => {
  for (const path of ['/', '/payments/new', '/icon.svg', '/api/v1/session']) {
    const headers = (await request.get(path)).headers();
    for (const [name, value] of Object.entries(securityHeaders)) {
      expect(headers[name.toLowerCase()]?.replace(documentStore, ''), path).toBe(value);
    }
  }
});

test('the content security policy blocks inline styles and HTML from strings', async ({ page, surprises }) => {
  await page.goto('/sign-in');
  const color = await page.evaluate(() => {
    document.body.setAttribute('style', 'color: rgb(1, 2, 3)');
    return getComputedStyle(document.body).color;
  });
  expect(color).not.toBe('rgb(1, 2, 3)');
  const html = page.evaluate(() => {
    document.body.innerHTML = '<b>injected</b>';
  });
  await expect(html).rejects.toThrow('TrustedHTML');
  await expect.poll(() => surprises.splice(0).join()).toContain('Content Security Policy');
});
