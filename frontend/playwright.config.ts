import { defineConfig } from '@playwright/test';

/* Browser tests in a real Chromium against the whole local platform, which the global setup starts. */

export default defineConfig({
  testDir: 'e2e',
  testIgnore: 'screenshots/**',
  globalSetup: './e2e/global-setup.ts',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  // A hang ends; a slow machine does not fail.
  timeout: 120_000,
  forbidOnly: process.env['CI'] !== undefined,
  expect: { timeout: 15_000 },
  use: {
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
