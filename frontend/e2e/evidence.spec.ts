import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

/* The report of `npm run evidence` about an assembly with faults, opened from disk. */

const root = join(import.meta.dirname, '../..');
let folder: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evidence-'));
  const assembly = join(root, 'test/support/evidence/faulty-assembly');
  const command = ['--import', 'tsx', join(root, 'bin/evidence.ts'), '--assembly', assembly, '--output', folder];
  const failure: unknown = await promisify(execFile)(process.execPath, command, { cwd: root }).catch(
    (error: unknown) => error,
  );
  // The assembly has a type that nothing examines.
  expect(failure).toMatchObject({ code: 1, stderr: expect.stringContaining('AWS::DynamoDB::Table') });
});

test.afterAll(() => rm(folder, { recursive: true }));

test('the report of the evidence opens without other files and passes axe', async ({ page }) => {
  test.slow();
  const requests: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  const address = pathToFileURL(join(folder, 'index.html')).href;
  await page.goto(address);
  expect(requests).toEqual([address]);
  await expect(page.getByText('Nothing examines these types: AWS::DynamoDB::Table.')).toBeVisible();
  await page.getByRole('link', { name: 'internet-enters-by-https' }).first().click();
  await page.getByText('1 resources of internet-enters-by-https').click();
  await expect(page.getByRole('cell', { name: 'inbound: tcp 5432 0.0.0.0/0' })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(', ')}`)).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
});
