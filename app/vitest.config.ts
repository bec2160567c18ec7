import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/global-setup.ts'],
    // A hang ends; a slow machine does not fail: some tests start the local platform three times.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // Each file has its own database.
    maxWorkers: 2,
    // Measured where `--coverage` is given, as `npm test` does.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // Tests start programs as processes of their own, whose coverage Vitest does not see. These files run there only, except for those that
      // start PostgreSQL, which tests also call in part, and site-build, which the global setup calls.
      exclude: [
        'src/{server,migrate,health-check,verify-ledger}.ts',
        'src/documents/create-document-service.ts',
        'src/local/{default-data-directory,embedded-postgres,leftover-postgres,local-platform,postgres-programs,prepare-database,verify-local-ledger}.ts',
        'src/local/{service-process,site-build,start,welcome}.ts',
        'src/local/demo/{add-demo-data,move-to-the-past,seed-demo-data}.ts',
        'src/payments/recovery-loop.ts',
        'src/rotation/ensure-connection-string.ts',
        'src/telemetry/line-writer.ts',
      ],
      reporter: ['text-summary'],
      // What the tests reach; the goal for branches is 95 %.
      thresholds: { lines: 98, statements: 97, functions: 97, branches: 92 },
    },
  },
});
