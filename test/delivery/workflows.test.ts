import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import packageJson from '../../package.json';

const root = join(__dirname, '..', '..');
const folder = join(root, '.github', 'workflows');
const paths = readdirSync(folder).map((name) => join(folder, name));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly uses?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = paths.map((path) => ({
  name: path.slice(folder.length + 1),
  text: readFileSync(path, 'utf8'),
  workflow: parse(readFileSync(path, 'utf8')) as Workflow,
}));
const jobs = workflows.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ name: `${name} ${id}`, job })),
);
const steps = jobs.flatMap(({ name, job }) => (job.steps ?? []).map((step) => ({ name, step })));
const commands = steps.flatMap(({ name, step }) => (step.run === undefined ? [] : [{ name, run: step.run }]));

/** What GitHub's parser says of workflows. */
function lint(...files: readonly string[]): string {
  const script = join(__dirname, 'lint-workflows.mts');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', script, ...files], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0 && stdout === '') throw new Error(stderr);
  return stdout;
}

test('GitHub accepts every workflow', () => {
  expect(paths).toHaveLength(4);
  expect(lint(...paths)).toBe('');
});

test('a misspelt key of a workflow is found', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'workflow-'));
  const path = join(temporary, 'wrong.yml');
  writeFileSync(path, readFileSync(join(folder, 'ci.yml'), 'utf8').replace('timeout-minutes', 'timeout-minute'));
  expect(lint(path)).toContain("Unexpected value 'timeout-minute'");
  rmSync(temporary, { recursive: true });
});

test.each(workflows)('$name grants nothing by default', ({ workflow }) => {
  expect(workflow.permissions).toEqual({});
});

test.each(workflows)('$name is never run with secrets for a fork', ({ workflow }) => {
  expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
});

test.each(workflows)('$name names actions by commit, with the version beside it', ({ text }) => {
  const actions = [...text.matchAll(/uses: (?!\.\/)(.*)/g)].map(([, action = '']) => action);
  expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
});

test('all workflows name the same commit of an action', () => {
  const commits = new Map<string, Set<string>>();
  for (const { text } of workflows) {
    for (const [, action = '', commit = ''] of text.matchAll(/uses: ([\w/-]+)@(\S+)/g)) {
      commits.set(action, (commits.get(action) ?? new Set()).add(commit));
    }
  }
  expect([...commits].filter(([, used]) => used.size > 1)).toEqual([]);
});

test.each(jobs.filter(({ job }) => job.uses === undefined))('$name ends by itself', ({ job }) => {
  expect(job['timeout-minutes']).toBeGreaterThan(0);
});

const usesAction = ({ steps: own = [] }: Job, action: string) => own.some(({ uses = '' }) => uses.startsWith(action));

test.each(jobs)('$name signs in to AWS only in an environment', ({ job }) => {
  const signsIn = usesAction(job, 'aws-actions/');
  const attests = usesAction(job, 'actions/attest-build-provenance@');
  expect(job.permissions?.['id-token'] === 'write').toBe(signsIn || attests);
  expect(job.environment !== undefined).toBe(signsIn);
  // What such a job writes into the repository, AWS's credentials could write, too.
  if (signsIn) expect(Object.values(job.permissions ?? {}).filter((access) => access === 'write')).toEqual(['write']);
});

test('no command contains an expression, which could carry text of a stranger into the shell', () => {
  expect(commands.filter(({ run }) => run.includes('${{'))).toEqual([]);
});

test('no checkout leaves its token behind', () => {
  const checkouts = steps.filter(({ step }) => step.uses?.startsWith('actions/checkout@'));
  expect(checkouts.length).toBeGreaterThan(0);
  expect(checkouts.filter(({ step }) => step.with?.['persist-credentials'] !== false)).toEqual([]);
});

test('commands name only existing scripts', () => {
  const named = commands.flatMap(({ run }) => [...run.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script));
  expect(named).toContain('deploy');
  expect(named.filter((script) => !(script in packageJson.scripts))).toEqual([]);
});

test('what is released is synthesized once, and its hashes are signed apart from the credentials of AWS', () => {
  const release = workflows.find(({ name }) => name === 'release.yml')?.workflow.jobs;
  const run = release?.['deploy']?.steps?.flatMap((step) => step.run ?? []) ?? [];
  expect(run.filter((command) => command.includes('cdk.out'))).toEqual([
    'npx cdk synth --quiet --output cdk.out $DEPLOY_OPTIONS',
    'npm run deploy -- --app cdk.out',
    'npm run evidence -- --assembly cdk.out',
  ]);
  const { permissions, steps: own = [] } = release?.['attest'] ?? {};
  expect(permissions).toEqual({ 'id-token': 'write', attestations: 'write' });
  expect(own.flatMap((step) => step.run ?? [])).toEqual([]);
  expect(own.at(-1)?.with?.['subject-path']).toBe('evidence/assets.sha256\nevidence/evidence.json\n');
});

test('a preview is deployed and destroyed as the same environment', () => {
  const preview = readFileSync(join(folder, 'preview.yml'), 'utf8');
  const cdk = [...preview.matchAll(/(cdk (?:diff|destroy)|npm run deploy) .*/g)].map(([command]) => command);
  expect(cdk).toEqual([
    'cdk diff --all $CONTEXT 2>&1 | tee difference.txt',
    'npm run deploy -- $CONTEXT',
    'cdk destroy --all --force $CONTEXT',
  ]);
});
