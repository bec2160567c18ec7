/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // `bin` and `lib` hold no tests; coverage lists only files below a root.
  roots: ['<rootDir>/bin', '<rootDir>/lib', '<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // By default jest leaves one core idle, and on two cores runs every file in one process, whose memory only grows.
  maxWorkers: '100%',
  workerIdleMemoryLimit: '1GB',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Measured where `--coverage` is given, as `npm test` does.
  collectCoverageFrom: [
    'bin/**/*.ts',
    'lib/**/*.ts',
    // Programs: other stages run them in processes of their own, whose coverage Jest does not see.
    '!bin/{delivery,deploy,evidence,findings,left-over-previews,payment-platform,prices,schema,synthesize}.ts',
    // Its test runs the bundle in a process of its own, which alone can trust another certificate authority.
    '!lib/edge/availability/availability-probe.lambda.ts',
  ],
  // V8's own coverage counts within aws-cdk-lib, too, and costs three times as much.
  coverageProvider: 'babel',
  coverageReporters: ['text-summary'],
  /*
   * The goal is 100 %. No test reaches the last case of an exhaustive switch, `assertNever`, and errors of constructs that the rules of the
   * configuration exclude. Most of the missing branches are defaults that the types demand, such as of an optional field of the SDK.
   */
  coverageThreshold: { global: { lines: 99, statements: 98, functions: 99, branches: 90 } },
  // Beside the other tools' caches, because `npm test` gives each run a temporary folder of its own.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  // Types are checked once by `npm run lint`; each test file is only transpiled (tsconfig's isolatedModules).
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
};
