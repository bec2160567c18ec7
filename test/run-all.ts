import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/*
 * `npm test -- [--full] [stage…]`: runs every stage of the suite, also after one has failed, and ends with one line of counts. The checks of
 * the sources use one core each, so they run side by side.
 *
 * Without `--full`, stages that have a short form run it and print what they leave out. A change that lands waits for the short form, a
 * release for the full one, which also runs each night.
 *
 * A stage whose runner reports its tests is counted by test; any other stage counts as one. A stage that reports no test at all has failed.
 */

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Stage {
  readonly name: string;
  readonly command: string;
  /** What the stage runs with `--full`. @default - the same */
  readonly fullCommand?: string;
  /** Whether the stage may run in parallel with others: it uses one core and shares nothing with them. */
  readonly isStatic?: boolean;
  /** Reads the runner's JSON report; without it the exit code is the one result. */
  readonly count?: (report: unknown) => Counts;
}

const work = mkdtempSync(join(tmpdir(), 'payment-platform-tests-'));
const reports = join(work, 'reports');
/** Where every stage puts its temporary files, so that all are gone afterwards: CDK for one leaves a folder for each app that a test makes. */
const scratch = join(work, 'scratch');
for (const folder of [reports, scratch]) mkdirSync(folder);
// PostgreSQL does not run as root: its own user must get to its folder.
chmodSync(work, 0o711);
const reportOf = (name: string) => join(reports, `${name}.json`);

/** Jest and Vitest write the same summary. */
function countJest(report: unknown): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = report as Record<string, number>;
  // A file that does not even load has no tests to count, and must not pass for that.
  const failed = numFailedTests || (numFailedTestSuites ?? 0);
  return { passed: numPassedTests ?? 0, failed, skipped: numPendingTests ?? 0 };
}

function countPlaywright(report: unknown): Counts {
  const { expected, unexpected, flaky, skipped } = (report as { stats: Record<string, number> }).stats;
  return { passed: expected ?? 0, failed: (unexpected ?? 0) + (flaky ?? 0), skipped: skipped ?? 0 };
}

/** Counts of a report. */
const countFaults = (report: unknown): Counts => report as Counts;

/** Walks through all settings of a profile, which change no line that other tests do not reach: without coverage, a third faster. */
const walks = 'test/changes/walk';

const stages: readonly Stage[] = [
  { name: 'lint', command: 'npm run lint', isStatic: true },
  { name: 'unused', command: 'npm run unused', isStatic: true },
  {
    name: 'infrastructure',
    command: `npx jest --ci --coverage --testPathIgnorePatterns ${walks} --json --outputFile=${reportOf('infrastructure')}`,
    count: countJest,
  },
  {
    name: 'changes',
    command: `npx jest --ci ${walks}/flagship --json --outputFile=${reportOf('changes')}`,
    fullCommand: `npx jest --ci ${walks} --json --outputFile=${reportOf('changes')}`,
    count: countJest,
  },
  {
    name: 'app',
    command: `npm run test --workspace app -- --coverage --reporter=default --reporter=json --outputFile.json=${reportOf('app')}`,
    count: countJest,
  },
  { name: 'faults', command: `npm run test:faults -- --report ${reportOf('faults')}`, count: countFaults },
  {
    name: 'frontend',
    command: `npm run test --workspace frontend -- --coverage --reporter=default --reporter=json --outputFile.json=${reportOf('frontend')}`,
    count: countJest,
  },
  { name: 'size', command: 'npm run build --workspace frontend && npm run size --workspace frontend' },
  { name: 'synthesis', command: 'npm run test:synth -- --once', fullCommand: 'npm run test:synth' },
  {
    name: 'emulator',
    command: `EMULATOR_REPORT=${reportOf('emulator')} npm run test:emulator -- --short`,
    fullCommand: `EMULATOR_REPORT=${reportOf('emulator')} npm run test:emulator`,
    count: countJest,
  },
  {
    name: 'browser',
    command: `PLAYWRIGHT_JSON_OUTPUT_NAME=${reportOf('browser')} npm run test:e2e --workspace frontend -- --reporter=list,json`,
    count: countPlaywright,
  },
];

interface Result extends Counts {
  readonly name: string;
  readonly seconds: number;
}

async function run(stage: Stage): Promise<Result> {
  const { name, isStatic = false, fullCommand } = stage;
  const command = (isFull && fullCommand) || stage.command;
  if (!isStatic) console.log(`\n=== ${name}: ${command}`);
  const stdio = isStatic ? 'pipe' : 'inherit';
  const start = Date.now();
  const child = spawn(command, { shell: true, stdio, env: { ...process.env, TMPDIR: scratch } });
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  // In one piece, because the output of stages side by side would mix.
  if (isStatic) console.log(`\n=== ${name}: ${command}\n${Buffer.concat(output).toString()}`);
  return { name, ...countsOf(stage, status), seconds: Math.round((Date.now() - start) / 1000) };
}

function countsOf({ name, count }: Stage, status: number | null): Counts {
  if (!count) return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  const counts = readCounts(reportOf(name), count);
  const broken = counts.failed === 0 && (status !== 0 || counts.passed + counts.skipped === 0);
  return broken ? { ...counts, failed: 1 } : counts;
}

function readCounts(path: string, count: (report: unknown) => Counts): Counts {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    console.error(`No report: ${(error as Error).message}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { full: { type: 'boolean', default: false } },
});
const isFull = values.full;
const unknown = wanted.filter((name) => !stages.some((stage) => stage.name === name));
if (unknown.length > 0) {
  console.error(`Unknown stage ${unknown.join(', ')}; choose from ${stages.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}

async function runAll(): Promise<readonly Result[]> {
  const chosen = stages.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const results = await Promise.all(chosen.filter(({ isStatic }) => isStatic).map(run));
  for (const stage of chosen.filter(({ isStatic }) => !isStatic)) results.push(await run(stage));
  return results;
}

void runAll().then((results) => {
  console.log('\n');
  console.table(results);
  const shortened = stages.filter(
    ({ name, fullCommand }) => fullCommand && results.some((result) => result.name === name),
  );
  if (!isFull && shortened.length > 0)
    console.log(`Short form of ${shortened.map(({ name }) => name).join(', ')}; npm test -- --full runs everything.`);
  const sum = (field: keyof Counts) => results.reduce((total, result) => total + result[field], 0);
  rmSync(sum('failed') === 0 ? work : scratch, { recursive: true, force: true });
  if (sum('failed') > 0) console.log(`The runners' reports: ${reports}`);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  process.exit(sum('failed') === 0 ? 0 : 1);
});
