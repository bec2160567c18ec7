import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { type DeployArguments, deployArguments } from './deploy-arguments';
import { refusedArguments } from './refused-arguments';
import { cli, synthesize } from './synthesize';
import { deploymentProblems } from '../lib/changes/deployment-problems';
import type { Template } from '../lib/changes/template-set';
import { flatOutputs, type StackOutputs } from '../lib/core/flat-outputs';

/*
 * Runs `cdk deploy --all` with the pinned CLI and passes its own arguments on. Then writes the outputs of all stacks to one JSON file.
 *
 * First it compares the templates with the deployed ones. If an existing environment does not support a change, it deploys nothing;
 * `--accept-replacement SETTING` accepts one such change.
 *
 * The exit code is the CLI's. Before a deployment starts, the previous outputs are deleted, because they would look like those of a
 * deployment that fails.
 */

const given = process.argv.slice(2);
const refused = refusedArguments(given);
if (refused.length > 0) {
  console.error(refused.join('\n'));
  process.exit(2);
}
const root = join(__dirname, '..');
const flat = process.env['FLAT_OUTPUTS'] ?? join(root, 'cfn-outputs', 'flat-outputs.json');
const nested = join(dirname(flat), 'outputs.json');

const fixed = ['deploy', '--all', '--require-approval', 'never', '--outputs-file', nested];

async function main(): Promise<void> {
  const args = deployArguments(given);
  if (args.isHelp) {
    deploy(args.forCli);
    return;
  }
  // The SDK reads the profile of the shared AWS config from this variable.
  if (args.awsProfile !== undefined) process.env['AWS_PROFILE'] = args.awsProfile;
  const folder = assemblyFolder(args);
  const { stacks } = new CloudAssembly(folder);
  const problems = await deploymentProblems(
    stacks.map(({ environment, stackName, template }) => ({
      region: environment.region,
      stackName,
      template: template as Template,
    })),
    args.accepted,
  );
  if (problems.length > 0) {
    console.error(['Nothing was deployed. The environment does not support these changes:', ...problems].join('\n'));
    process.exitCode = 1;
    return;
  }
  deploy(['--app', folder, ...args.forCli]);
}

/** The cloud assembly: the directory of `--app`, or a new one that the app synthesizes. */
function assemblyFolder({ app, context, awsProfile }: DeployArguments): string {
  const existing = app === undefined ? undefined : resolve(root, app);
  if (existing !== undefined && existsSync(join(existing, 'manifest.json'))) return existing;
  const options = [
    ...(app === undefined ? [] : ['--app', app]),
    ...(awsProfile === undefined ? [] : ['--profile', awsProfile]),
  ];
  return synthesize(context, options, 'inherit');
}

function deploy(args: readonly string[]): void {
  for (const path of [nested, flat]) rmSync(path, { force: true });
  const { status, error } = spawnSync(process.execPath, [cli, ...fixed, ...args], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  // `--help` succeeds without outputs.
  if (status === 0 && existsSync(nested)) {
    const outputs = flatOutputs(JSON.parse(readFileSync(nested, 'utf8')) as StackOutputs);
    writeFileSync(flat, `${JSON.stringify(outputs, undefined, 2)}\n`);
    console.log(`Outputs of all stacks: ${flat}`);
  }
  // The status is null if a signal ended the CLI.
  process.exitCode = status ?? 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
