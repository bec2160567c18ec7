/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // By default jest leaves one core idle, and on two cores runs every file in one process, whose memory only grows.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
  // Beside the other tools' caches, because `npm test` gives each run a temporary folder of its own.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // Types are checked once by `npm run typecheck`; each test file is only transpiled (tsconfig's isolatedModules).
  globalSetup: '<rootDir>/test/support/snapshot-update.ts',
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
};
