import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { refusedArguments } from '../../bin/refused-arguments';

test.each([
  [['--express'], /--express is not supported\. Express mode disables rollback/],
  [['--express=true'], /--express=true is not supported/],
  [['--hotswap'], /--hotswap is not supported\. It changes tasks/],
  [['--hotswap-fallback'], /--hotswap-fallback is not supported/],
  [['--watch'], /--watch is not supported/],
  [['--no-rollback'], /--no-rollback is not supported\. Without rollback/],
  [['--rollback=false'], /--rollback=false is not supported/],
  [['--rollback', 'false'], /--rollback is not supported/],
  [['-R'], /-R is not supported/],
  [['--revert-drift'], /--revert-drift is not supported\. A drift-aware change set/],
])('refuses %j with a reason', (args, reason) => {
  expect(refusedArguments(['-c', 'environmentSuffix=pr123', ...args])).toEqual([expect.stringMatching(reason)]);
});

test.each([
  [[]],
  [['-c', 'environmentSuffix=pr123', '-c', 'profile=metered']],
  [['--rollback']],
  [['--no-express']],
  [['--express=false']],
  [['--hotswap', 'false']],
  [['--verbose', '--concurrency', '2', '--force']],
  [['--rollback-trigger-alarm-arns', 'arn']],
])('accepts %j', (args) => {
  expect(refusedArguments(args)).toEqual([]);
});

test('npm run deploy exits before it calls AWS', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(__dirname, '..', '..', 'bin', 'deploy.ts'), '--express', '--no-rollback'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(2);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^--express is not supported/),
    expect.stringMatching(/^--no-rollback is not supported/),
  ]);
});
