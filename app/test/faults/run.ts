import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Cluster } from './cluster/cluster.ts';
import type { Finding } from './checker/check.ts';
import { Load } from './load/load.ts';
import { Random } from './random.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { settleAndCheck } from './settle.ts';

/*
 * `npm run test:faults`: injects each fault under load and verifies that no data is lost.
 *
 * The short run injects all faults in sequence, with leases of three seconds, and checks once at the end. The long
 * run repeats each fault, with normal leases, and checks after each.
 */

const usage = `Usage: npm run test:faults -- [--long] [--seed NUMBER] [--only NAME,NAME] [--report FILE]
  --long    each fault several times, with leases as in production (about ten minutes)
  --seed    requests and faults as in the run that printed it
  --only    ${scenarios.map(({ name }) => name).join(', ')}
  --report  writes the counts there, as JSON`;

const { values } = parseArgs({
  options: {
    long: { type: 'boolean', default: false },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    only: { type: 'string', default: scenarios.map(({ name }) => name).join(',') },
    report: { type: 'string' },
  },
});
const { long } = values;
const seed = Number(values.seed);
const wanted = values.only.split(',');
const unknown = wanted.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0 || !Number.isSafeInteger(seed)) {
  console.error(`${unknown.join(', ') || values.seed} is unknown.\n${usage}`);
  process.exit(2);
}

const outcomes = new Map<string, 'passed' | 'skipped' | readonly string[]>();
const again = [
  '--seed',
  seed,
  ...(long ? ['--long'] : []),
  ...(wanted.length < scenarios.length ? ['--only', values.only] : []),
];
console.log(`Seed ${seed}; again with: npm run test:faults -- ${again.join(' ')}`);
const random = new Random(seed);
const cluster = await Cluster.start(seed);
const giveUp = async (why: string) => {
  console.error(`${why} Seed ${seed}; what the processes wrote is in ${cluster.directory}.`);
  await cluster.stop(true);
  process.exit(1);
};
const limitMinutes = long ? 60 : 6;
setTimeout(() => void giveUp(`Not over after ${limitMinutes} minutes.`), limitMinutes * 60_000).unref();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void giveUp('Ended from outside.'));
const load = new Load({ doors: cluster, merchants: cluster.merchants, random: random.fork(), buyers: 6 });
const leases = long ? undefined : setInterval(() => void cluster.shortenLeases(3).catch(() => undefined), 1000);

/** Injects a fault. Returns why it was skipped, or what failed. */
async function suffer({ name, habits, run }: Scenario): Promise<string[]> {
  load.enter(name, habits ?? { abandons: long ? 0.03 : 0 });
  try {
    await run({ cluster, load, random: random.fork(), times: long ? 4 : 1 });
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** The scenario of a finding: that of its load, or the last one. */
const scenarioOf = ({ paymentToken = '' }: Finding, last: string): string =>
  scenarios.find(({ name }) => paymentToken.includes(`_${name.replaceAll('-', '_')}_`))?.name ?? last;

async function judge(last: string): Promise<void> {
  await load.stop(long ? 180_000 : 30_000);
  for (const finding of await settleAndCheck(cluster, load, long ? 180_000 : 35_000)) {
    const name = scenarioOf(finding, last);
    const before = outcomes.get(name);
    const text = `${finding.rule}: ${finding.paymentToken ?? ''} ${finding.text}`;
    outcomes.set(name, [...(Array.isArray(before) ? (before as string[]) : []), text]);
  }
}

const started = Date.now();
let last = '';
load.start();
for (const scenario of scenarios.filter(({ name }) => wanted.includes(name))) {
  const reason = scenario.impossible?.(cluster);
  last = scenario.name;
  if (reason !== undefined) {
    outcomes.set(last, 'skipped');
    console.log(`${last}: not run, because ${reason}`);
    continue;
  }
  const problems = await suffer(scenario);
  outcomes.set(last, problems.length === 0 ? 'passed' : problems);
  if (long) {
    await judge(last);
    load.start();
  }
  console.log(`${last}: happened, ${Math.round((Date.now() - started) / 1000)} s after the start`);
}
await judge(last);
clearInterval(leases);

const all = [...outcomes.values()];
const failed = all.filter((outcome) => Array.isArray(outcome)).length;
for (const [name, outcome] of outcomes) {
  console.log(`${name}: ${typeof outcome === 'string' ? outcome : `FAILED\n  ${outcome.slice(0, 10).join('\n  ')}`}`);
}
const counts = {
  passed: all.filter((outcome) => outcome === 'passed').length,
  failed,
  skipped: all.filter((outcome) => outcome === 'skipped').length,
};
const acknowledged = load.intentions.filter(({ state }) => state === 'acknowledged').length;
const accepted = load.intentions.filter((intention) => intention.accepted > 0).length;
console.log(
  `${load.intentions.length} requests: ${acknowledged} acknowledged, ${accepted} accepted first; ` +
    `${Math.round((Date.now() - started) / 1000)} s`,
);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped. Seed ${seed}.`);
if (failed > 0) console.log(`What the processes wrote is in ${cluster.directory}.`);
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(counts));
await cluster.stop(failed > 0);
process.exit(failed === 0 ? 0 : 1);
