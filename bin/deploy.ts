import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import { refusedArguments } from './refused-arguments';
import { deploymentProblems } from '../lib/changes/deployment-problems';
import type { Template } from '../lib/changes/template-set';
import { flatOutputs, type StackOutputs } from '../lib/conventions/flat-outputs';

/*
 * `cdk deploy --all` with the pinned CLI and whatever arguments follow; then the outputs of all stacks as one flat object, for tests and scripts.
 *
 * Before anything is deployed, the templates are compared with the ones that CloudFormation has. A change that an existing environment
 * cannot take ends the command; `--accept-replacement REGION/STACK/LOGICAL-ID` lets one pass.
 *
 * The exit code is the CLI's. Outputs of an earlier deployment are removed first: nobody may take them for those of one that has failed.
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
for (const path of [nested, flat]) rmSync(path, { force: true });

const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
const fixed = ['deploy', '--all', '--require-approval', 'never', '--outputs-file', nested];
const { tokens, values } = parseArgs({
  args: given,
  options: {
    'accept-replacement': { type: 'string', multiple: true, default: [] },
    app: { type: 'string', short: 'a' },
    context: { type: 'string', short: 'c', multiple: true, default: [] },
    profile: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
  strict: false,
  tokens: true,
});
const own = new Set(
  tokens.flatMap((token) =>
    'name' in token && token.name === 'accept-replacement'
      ? [token.index, ...(token.inlineValue ? [] : [token.index + 1])]
      : [],
  ),
);
const forCli = given.filter((_, index) => !own.has(index));

async function main(): Promise<void> {
  const problems = values.help === true ? [] : await problemsOfDeployment();
  if (problems.length > 0) {
    console.error(['Nothing was deployed. The environment cannot take these changes:', ...problems].join('\n'));
    process.exitCode = 1;
    return;
  }
  deploy();
}

async function problemsOfDeployment(): Promise<string[]> {
  // The SDK reads the named profile where the CLI does.
  if (typeof values.profile === 'string') process.env['AWS_PROFILE'] = values.profile;
  const { stacks } = new CloudAssembly(assemblyFolder());
  return deploymentProblems(
    stacks.map(({ environment, stackName, template }) => ({
      region: environment.region,
      stackName,
      template: template as Template,
    })),
    values['accept-replacement'].map(String),
  );
}

/** The folder of `--app`, or a new one with what the app synthesizes. */
function assemblyFolder(): string {
  const app = typeof values.app === 'string' ? values.app : undefined;
  if (app !== undefined && existsSync(join(root, app, 'manifest.json'))) return join(root, app);
  if (app !== undefined && existsSync(join(app, 'manifest.json'))) return app;
  const folder = mkdtempSync(join(tmpdir(), 'assembly-'));
  process.on('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const context = values.context.flatMap((pair) => ['--context', String(pair)]);
  const synth = ['synth', '--quiet', '--output', folder, ...context, ...(app === undefined ? [] : ['--app', app])];
  const { status } = spawnSync(process.execPath, [cli, ...synth], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  return folder;
}

function deploy(): void {
  const { status, error } = spawnSync(process.execPath, [cli, ...fixed, ...forCli], { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  // `--help` succeeds without outputs.
  if (status === 0 && existsSync(nested)) {
    const outputs = flatOutputs(JSON.parse(readFileSync(nested, 'utf8')) as StackOutputs);
    writeFileSync(flat, `${JSON.stringify(outputs, undefined, 2)}\n`);
    console.log(`Outputs of all stacks: ${flat}`);
  }
  // A signal ends the CLI without a status.
  process.exitCode = status ?? 1;
}

void main();
