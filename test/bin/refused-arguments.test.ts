import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { refusedArguments } from '../../bin/refused-arguments';

test.each([
  [['--express'], /--express is refused: express mode returns before/],
  [['--express=true'], /--express=true is refused/],
  [['--hotswap'], /--hotswap is refused: it changes tasks/],
  [['--hotswap-fallback'], /--hotswap-fallback is refused/],
  [['--watch'], /--watch is refused/],
  [['--no-rollback'], /--no-rollback is refused: without rollback/],
  [['--rollback=false'], /--rollback=false is refused/],
  [['--rollback', 'false'], /--rollback is refused/],
  [['-R'], /-R is refused/],
  [['--revert-drift'], /--revert-drift is refused: a drift-aware change set/],
])('refuses %j with the reason', (args, reason) => {
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
])('passes %j on', (args) => {
  expect(refusedArguments(args)).toEqual([]);
});

test('npm run deploy ends before it asks AWS for anything', () => {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', join(__dirname, '..', '..', 'bin', 'deploy.ts'), '--express', '--no-rollback'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(2);
  expect(stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^--express is refused/),
    expect.stringMatching(/^--no-rollback is refused/),
  ]);
});
