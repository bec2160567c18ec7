import { defineConfig } from '@playwright/test';
import browserTests from './playwright.config.ts';

/* `npm run screenshots`: pictures of every page for review, light and dark, wide and narrow. They are written into `screenshots/`. */

export default defineConfig(browserTests, { testDir: 'e2e/screenshots', testIgnore: [] });
