import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [react()],
  test: {
    include: ['src/**/*.test.{ts,tsx}'],
    environment: 'jsdom',
    environmentOptions: { jsdom: { url: 'http://localhost/' } },
    setupFiles: ['src/testing/setup.ts'],
    testTimeout: 20_000,
    maxWorkers: 2,
    // Measured where `--coverage` is given, as `npm test` does.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}'],
      // The entry points draw into pages that only the browser stage loads.
      exclude: ['src/**/*.test.{ts,tsx}', 'src/testing/**', 'src/main.tsx', 'src/reference/reference.ts'],
      reporter: ['text-summary'],
      thresholds: { lines: 99, statements: 99, functions: 99, branches: 96 },
    },
  },
});
