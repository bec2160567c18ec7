import { defineConfig } from 'vitest/config';

/** Files whose programs keep clients or settings of the process in their modules, or that change its environment: each needs modules of its own. */
const isolated = [
  'test/{canary,restore-drill,rotation,secrets,sign-in,telemetry}/**/*.test.ts',
  'test/local/leftover-postgres.test.ts',
  'test/worker.test.ts',
];

export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    // A hang ends; a slow machine does not fail: some tests start the local platform three times.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // Each file has its own database.
    maxWorkers: 2,
    projects: [
      // To import the application anew for each file costs a third of the processor time.
      { extends: true, test: { name: 'app', include: ['test/**/*.test.ts'], exclude: isolated, isolate: false } },
      { extends: true, test: { name: 'isolated', include: isolated } },
    ],
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
        'src/local/{built-files,key-file,page-headers,program-build,reserve-port,service-process,site-build,start,welcome}.ts',
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
