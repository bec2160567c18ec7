import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { builtFrontend } from '../../lib/edge/frontend-build';
import { inLanes } from '../support/in-lanes';
import { builtProfiles } from '../support/profile-contexts';
import { accountDuties } from './account-duties';
import { Cli } from './cli';
import { Emulator } from './emulator';
import { ownTests } from './own-tests';
import { motoProblem } from './moto';
import { flagshipStages, otherStages } from './profile-stages';
import type { Stage } from './stages';

/*
 * `npm run test:emulator -- [--short] [--seed N] [--without-each-statement] [profile…]`: the real CLI deploys profiles to an emulator, tests them, and destroys them until nothing is left.
 *
 * The emulator's own parts are tested before. Each profile has an emulator of its own. A stage that fails skips the rest of its profile. EMULATOR_REPORT names a file for the counts.
 * With `--short`, each profile is only deployed, tested and destroyed, and flagship also deployed a second time.
 */

interface Result {
  readonly profile: string;
  readonly stage: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly seconds: number;
}

async function runAll(profile: string, stages: readonly Stage[], lastWords: () => string): Promise<Result[]> {
  const results: Result[] = [];
  for (const { name, run } of stages) {
    if (results.some(({ outcome }) => outcome === 'failed')) {
      results.push({ profile, stage: name, outcome: 'skipped', seconds: 0 });
      continue;
    }
    const start = Date.now();
    const took = () => Math.round((Date.now() - start) / 1000);
    try {
      console.log(`${profile}: ${name}: ${await run()} (${took()} s)`);
      results.push({ profile, stage: name, outcome: 'passed', seconds: took() });
    } catch (error) {
      console.log(`${profile}: ${name}: FAILED after ${took()} s\n${(error as Error).message}`);
      console.log(`What the emulator said last:\n${lastWords()}`);
      results.push({ profile, stage: name, outcome: 'failed', seconds: took() });
    }
  }
  return results;
}

interface Options {
  /** Decides which statement of a role is left out. */
  readonly seed: number;
  readonly everyStatement: boolean;
  /** Only the stages that the short form of the suite has. */
  readonly isShort: boolean;
}

async function runProfile(profile: string, { isShort, ...leftOut }: Options): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), `emulator-${profile}-`));
  const emulator = await Emulator.start();
  try {
    const cli = new Cli({ ...emulator.environment, FLAT_OUTPUTS: join(folder, 'flat-outputs.json') });
    const stagesOf = profile === 'flagship' ? flagshipStages : otherStages;
    const stages = stagesOf({ profile, emulator, cli, folder, ...leftOut });
    const chosen = stages.filter(({ isInShortForm = false }) => isInShortForm || !isShort);
    const results = await runAll(profile, chosen, () => emulator.lastWords);
    const keptOnly = await emulator.keptOnly();
    console.log(`${profile}: kept only, moto has no back-end: ${keptOnly.join(', ') || 'nothing'}`);
    return results;
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Two profiles at a time: each has an emulator of its own, and keeps about one core busy. */
async function runProfiles(profiles: readonly string[], options: Options): Promise<Result[]> {
  // They would both build it.
  builtFrontend();
  return (await inLanes(profiles, 2, async (profile) => runProfile(profile, options))).flat();
}

async function main(): Promise<number> {
  const { values, positionals: wanted } = parseArgs({
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      seed: { type: 'string' },
      'without-each-statement': { type: 'boolean', default: false },
    },
  });
  const seed = Number(values.seed ?? randomInt(2 ** 32));
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new Error(`--seed is ${String(values.seed)}; pass a whole number from 0 to ${2 ** 32 - 1}.`);
  const unknown = wanted.filter((name) => !builtProfiles.includes(name));
  if (unknown.length > 0)
    throw new Error(`Unknown profile ${unknown.join(', ')}; there are ${builtProfiles.join(', ')}.`);
  const problem = motoProblem();
  if (problem !== undefined) {
    console.log(`NOT CHECKED: ${problem}`);
    report({ passed: 0, failed: process.env['CI'] ? 1 : 0, skipped: 1 });
    return process.env['CI'] ? 1 : 0;
  }
  console.log('STUB: images are published as manifests without layers, because Docker is not used here.');
  console.log(`Seed ${seed} decides which statement is left out; --seed ${seed} repeats it.`);
  const options = { seed, everyStatement: values['without-each-statement'], isShort: values.short };
  const own = await runAll(
    'emulator',
    [
      { name: 'its own tests', run: ownTests },
      { name: 'controls of an account', run: accountDuties },
    ],
    () => 'It was not started, or has ended.',
  );
  const profileResults = await runProfiles(wanted.length > 0 ? wanted : builtProfiles, options);
  const results = [...own, ...profileResults];
  console.table(results);
  const count = (wantedOutcome: Result['outcome']) => results.filter(({ outcome }) => outcome === wantedOutcome).length;
  const counts = { passed: count('passed'), failed: count('failed'), skipped: count('skipped') };
  report(counts);
  console.log(`emulator: ${counts.passed} stages passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  return counts.failed === 0 ? 0 : 1;
}

/** Writes the counts as jest does, for whoever adds up. */
function report({ passed, failed, skipped }: Readonly<Record<'passed' | 'failed' | 'skipped', number>>): void {
  const path = process.env['EMULATOR_REPORT'];
  if (path === undefined) return;
  const counts = { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, numFailedTestSuites: 0 };
  writeFileSync(path, JSON.stringify(counts));
}

void main().then((code) => {
  process.exitCode = code;
});
