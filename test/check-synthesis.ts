import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtProfiles, profileContexts } from './support/profile-contexts';

/*
 * What the real CLI synthesizes for each profile, as a platform engineer would run it: without credentials, twice, byte for byte the same, with no finding
 * of either rule pack and no error of cfn-lint in each stack's own region.
 */

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

function synthesize(profile: string, name: string): string {
  const output = join(work, profile, name);
  const context = Object.entries({ environmentSuffix: 'pr123', ...profileContexts[profile] });
  const { status, stderr, stdout } = spawnSync(
    'npx',
    ['cdk', 'synth', '--quiet', ...context.flatMap(([key, value]) => ['-c', `${key}=${value}`]), '-o', output],
    { env, encoding: 'utf8' },
  );
  // The compliance packs are part of synthesis: a finding that nobody accepted makes it fail.
  if (status !== 0) throw new Error(`cdk synth ended with ${String(status)}:\n${stdout}${stderr}`);
  return output;
}

function compare(first: string, second: string): void {
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
  console.log(`${left.size} files compared byte for byte`);
}

interface LintFinding {
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

function lint(output: string): void {
  if (spawnSync('cfn-lint', ['--version']).status !== 0) {
    console.log('cfn-lint is not installed: NOT CHECKED (pip install cfn-lint)');
    if (process.env['CI']) failures.push('cfn-lint is not installed, but CI must run it');
    return;
  }
  const { artifacts } = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8')) as Manifest;
  for (const [id, { type, environment, properties }] of Object.entries(artifacts)) {
    if (type !== 'aws:cloudformation:stack' || !properties?.templateFile || !environment) continue;
    const region = environment.split('/').at(-1) ?? '';
    const template = join(output, properties.templateFile);
    const { stdout } = spawnSync('cfn-lint', ['--regions', region, '--format', 'json', '--', template], {
      encoding: 'utf8',
    });
    const errors = (JSON.parse(stdout) as LintFinding[]).filter(({ Level }) => Level === 'Error');
    const real = errors.filter((finding) => !isKnownFalse(finding, template));
    console.log(`${id} in ${region}: ${real.length} errors of cfn-lint (${errors.length - real.length} known false)`);
    failures.push(
      ...real.map(
        ({ Rule, Message, Location }) => `${id}: ${Rule.Id} ${Message} at ${(Location.Path ?? []).join('/')}`,
      ),
    );
  }
}

try {
  for (const profile of builtProfiles) {
    console.log(`\n${profile}`);
    const [first, second] = [synthesize(profile, 'first'), synthesize(profile, 'second')];
    compare(first, second);
    lint(first);
  }
} catch (error) {
  failures.push((error as Error).message);
} finally {
  rmSync(work, { recursive: true, force: true });
}
for (const failure of failures) console.error(failure);
console.log(
  failures.length === 0
    ? 'synthesis: no findings, no differences, no errors'
    : `synthesis: ${failures.length} failures`,
);
process.exit(failures.length === 0 ? 0 : 1);
