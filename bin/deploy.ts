import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { refusedArguments } from './refused-arguments';
import { flatOutputs, type StackOutputs } from '../lib/conventions/flat-outputs';

/*
 * `cdk deploy --all` with the pinned CLI and whatever arguments follow; then the outputs of all stacks as one flat object, for tests and scripts.
 *
 * The exit code is the CLI's. Outputs of an earlier deployment are removed first: nobody may take them for those of one that has failed.
 */

const refused = refusedArguments(process.argv.slice(2));
if (refused.length > 0) {
  console.error(refused.join('\n'));
  process.exit(2);
}
const root = join(__dirname, '..');
const flat = process.env['FLAT_OUTPUTS'] ?? join(root, 'cfn-outputs', 'flat-outputs.json');
const nested = join(dirname(flat), 'outputs.json');
for (const path of [nested, flat]) rmSync(path, { force: true });

const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
const fixed = ['deploy', '--all', '--require-approval', 'never', '--outputs-file', nested];
const { status, error } = spawnSync(process.execPath, [cli, ...fixed, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
if (error) throw error;
// `--help` succeeds without outputs.
if (status === 0 && existsSync(nested)) {
  const outputs = flatOutputs(JSON.parse(readFileSync(nested, 'utf8')) as StackOutputs);
  writeFileSync(flat, `${JSON.stringify(outputs, undefined, 2)}\n`);
  console.log(`Outputs of all stacks: ${flat}`);
}
// A signal ends the CLI without a status.
process.exitCode = status ?? 1;
