import { execFile, type ExecFileException, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtFrontend } from '../lib/edge/frontend-build';
import { inLanes } from './support/in-lanes';
import { builtProfiles, profileContexts } from './support/profile-contexts';

/*
 * What the real CLI synthesizes for each profile, as a platform engineer would run it: without credentials, twice, byte for byte the same, with no finding
 * of either rule pack and no error of cfn-lint in each stack's own region. Two profiles at a time: a synthesis keeps about one core busy.
 *
 * `--once` leaves out the second synthesis.
 */

const { once: isOnce } = parseArgs({ options: { once: { type: 'boolean', default: false } } }).values;
const work = mkdtempSync(join(tmpdir(), 'payment-platform-synth-'));
const failures: string[] = [];

/** No credentials, no region, no account: nothing may be looked up. */
const { AWS_PROFILE: _, AWS_ACCESS_KEY_ID: __, CDK_DEFAULT_ACCOUNT: ___, ...bare } = process.env;
const env = {
  ...bare,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_CONFIG_FILE: '/dev/null',
};

interface Manifest {
  readonly artifacts: Record<
    string,
    { readonly type: string; readonly environment?: string; readonly properties?: { readonly templateFile?: string } }
  >;
}

interface Ended {
  readonly status: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env, encoding: 'utf8' as const, maxBuffer: 64 * 1024 * 1024 };
    execFile(command, args, options, (error: ExecFileException | null, stdout, stderr) => {
      resolve({ status: error ? (error.code ?? error.message) : 0, stdout, stderr });
    });
  });
}

async function synthesize(profile: string, name: string): Promise<string> {
  const output = join(work, profile, name);
  const context = Object.entries({ environmentSuffix: 'pr123', ...profileContexts[profile] });
  const values = context.flatMap(([key, value]) => ['-c', `${key}=${value}`]);
  const { status, stderr, stdout } = await run('npx', ['cdk', 'synth', '--quiet', ...values, '-o', output]);
  // The compliance packs are part of synthesis: a finding that nobody accepted makes it fail.
  if (status !== 0) throw new Error(`${profile}: cdk synth ended with ${String(status)}:\n${stdout}${stderr}`);
  return output;
}

/** @returns what it compared */
function compare(first: string, second: string): string {
  const list = (folder: string) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const content = (folder: string) =>
    new Map(
      list(folder).map((entry) => [
        join(entry.parentPath, entry.name).slice(folder.length),
        readFileSync(join(entry.parentPath, entry.name)),
      ]),
    );
  const [left, right] = [content(first), content(second)];
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    if (left.get(path)?.equals(right.get(path) ?? Buffer.alloc(0)) !== true)
      failures.push(`differs between two syntheses: ${path}`);
  }
  return `${left.size} files compared byte for byte`;
}

interface LintFinding {
  /** The template as it was named to cfn-lint. */
  readonly Filename: string;
  readonly Level: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] | null };
}

/** Types that take tags, of which cfn-lint 1.51 does not know that yet; CDK's own newer rules do. */
const taggedSince = [
  'AWS::ApplicationAutoScaling::ScalableTarget',
  'AWS::CloudWatch::Dashboard',
  'AWS::ElasticLoadBalancingV2::Listener',
  'AWS::ElasticLoadBalancingV2::ListenerRule',
];

function isKnownFalse({ Rule, Location }: LintFinding, template: string): boolean {
  const [, id = '', , property] = Location.Path ?? [];
  const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as { Resources: Record<string, { Type: string }> };
  return Rule.Id === 'E3002' && property === 'Tags' && taggedSince.includes(Resources[id]?.Type ?? '');
}

interface StackTemplate {
  readonly stack: string;
  readonly region: string;
  readonly template: string;
}

function templatesIn(output: string): StackTemplate[] {
  const { artifacts } = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as Manifest;
  return Object.entries(artifacts).flatMap(([stack, { type, environment, properties }]) => {
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile || !environment) return [];
    const region = environment.split('/').at(-1) ?? '';
    return [{ stack, region, template: join(output, properties.templateFile) }];
  });
}

/** Checks the templates of each region in one process, because cfn-lint takes seconds to start. @returns a line for each stack */
async function lint(output: string): Promise<string[]> {
  const all = templatesIn(output);
  const lines: string[] = [];
  for (const region of new Set(all.map((template) => template.region))) {
    const templates = all.filter((template) => template.region === region);
    const files = templates.map(({ template }) => template);
    const { stdout, stderr } = await run('cfn-lint', ['--regions', region, '--format', 'json', '--', ...files]);
    if (stdout === '') throw new Error(`${region}: cfn-lint said nothing but: ${stderr}`);
    const errors = (JSON.parse(stdout) as LintFinding[]).filter(({ Level }) => Level === 'Error');
    const lost = errors.find(({ Filename }) => !files.includes(Filename));
    if (lost) throw new Error(`${region}: cfn-lint names ${lost.Filename}, which was not given to it.`);
    lines.push(...templates.map((template) => lintResult(template, errors)));
  }
  return lines;
}

function lintResult({ stack, region, template }: StackTemplate, allErrors: readonly LintFinding[]): string {
  const errors = allErrors.filter(({ Filename }) => Filename === template);
  const real = errors.filter((finding) => !isKnownFalse(finding, template));
  const says = ({ Rule, Message, Location }: LintFinding) =>
    `${stack}: ${Rule.Id} ${Message} at ${(Location.Path ?? []).join('/')}`;
  failures.push(...real.map(says));
  return `${stack} in ${region}: ${real.length} errors of cfn-lint (${errors.length - real.length} known false)`;
}

function isLintInstalled(): boolean {
  if (spawnSync('cfn-lint', ['--version']).status === 0) return true;
  console.log('cfn-lint is not installed: NOT CHECKED (pip install cfn-lint)');
  if (process.env['CI']) failures.push('cfn-lint is not installed, but CI must run it');
  return false;
}

async function check(profile: string, isLinted: boolean): Promise<void> {
  const first = await synthesize(profile, 'first');
  const compared = isOnce ? [] : [compare(first, await synthesize(profile, 'second'))];
  const lines = [...compared, ...(isLinted ? await lint(first) : [])];
  console.log(['', profile, ...lines].join('\n'));
}

async function main(): Promise<void> {
  const isLinted = isLintInstalled();
  // Two syntheses at the same time would build it into the same folder.
  builtFrontend();
  await inLanes(builtProfiles, 2, async (profile) =>
    check(profile, isLinted).catch((error: unknown) => failures.push((error as Error).message)),
  );
}

void main().finally(() => {
  rmSync(work, { recursive: true, force: true });
  for (const failure of failures) console.error(failure);
  const found = failures.length === 0 ? 'no findings, no differences, no errors' : `${failures.length} failures`;
  console.log(`synthesis: ${found}`);
  process.exit(failures.length === 0 ? 0 : 1);
});
