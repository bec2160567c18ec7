import { parseArgs } from 'node:util';
import { addUsers, startBenchedPlatform } from './benched-platform.ts';
import { generateLoad, type LoadResult } from './load-job.ts';
import { preparePgbench, runPgbench } from './pgbench.ts';
import { processorTime, usedBetween } from './processor-time.ts';
import { writeReport } from './report.ts';
import { median, type Sample, sift } from './statistics.ts';

/*
 * `npm run bench`: how many payments a second the API takes over HTTP, beside how many the same database takes from pgbench with one
 * payment a transaction; by turns, on one machine that load generator, API and database share. Then, the latency at half of that rate.
 */

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '20000' },
    repetitions: { type: 'string', default: '5' },
    connections: { type: 'string', default: '256' },
    'foreign-share': { type: 'string', default: '0.05' },
  },
});
const payments = Number(values.payments);
const repetitions = Number(values.repetitions);
const connections = Number(values.connections);
const mostForeignShare = Number(values['foreign-share']);
/** Spoilt samples are taken again, but not for ever. */
const mostAttempts = repetitions * 3;

interface Round extends Sample {
  readonly database: number;
  readonly api: number;
  readonly milliseconds: Readonly<Record<'databaseAlone' | 'postgres' | 'api' | 'generator', number>>;
}

const platform = await startBenchedPlatform();
try {
  const keys = await addUsers(platform, 100, 100);
  const script = await preparePgbench(platform);
  const clocks = () => processorTime(platform.apiPid, platform.postmasterPid);
  const job = { port: platform.port, keys, connections };
  const load = async (requests: number) => {
    const result = await generateLoad({ ...job, load: { kind: 'closed', requests } });
    refuseFailures(result, requests);
    return result;
  };
  const round = async (): Promise<Round> => {
    const start = clocks();
    const database = await runPgbench(platform, script, payments);
    const between = clocks();
    const result = await load(payments);
    const end = clocks();
    const [alone, together] = [usedBetween(start, between), usedBetween(between, end)];
    const perPayment = (seconds: number) => (seconds * 1000) / payments;
    return {
      database,
      api: payments / result.seconds,
      milliseconds: {
        databaseAlone: perPayment(alone.postgres + alone.generators),
        postgres: perPayment(together.postgres),
        api: perPayment(together.api),
        generator: perPayment(together.generators),
      },
      foreignShare: Math.max(alone.foreignShare, together.foreignShare),
    };
  };

  console.log(
    `${payments} payments a sample, ${connections} connections, ${repetitions} samples of each by turns. Warming up.`,
  );
  await load(payments);
  await runPgbench(platform, script, payments / 4);
  const rounds: Round[] = [];
  while (sift(rounds, mostForeignShare).kept.length < repetitions && rounds.length < mostAttempts) {
    const next = await round();
    rounds.push(next);
    console.log(
      `pgbench ${next.database.toFixed(0)}/s, API ${next.api.toFixed(0)}/s, ratio ${(next.api / next.database).toFixed(2)}, ` +
        `others used ${(next.foreignShare * 100).toFixed(0)} % of the machine`,
    );
  }
  const { kept, discarded } = sift(rounds, mostForeignShare);
  const counted = kept.length > 0 ? kept : rounds;
  const of = (pick: (each: Round) => number) => median(counted.map(pick));
  const [database, api, ratio] = [
    of((each) => each.database),
    of((each) => each.api),
    of((each) => each.api / each.database),
  ];
  const milliseconds = {
    databaseAlone: of((each) => each.milliseconds.databaseAlone),
    postgres: of((each) => each.milliseconds.postgres),
    api: of((each) => each.milliseconds.api),
    generator: of((each) => each.milliseconds.generator),
  };
  const half = await generateLoad({ ...job, load: { kind: 'open', perSecond: Math.round(api / 2), seconds: 15 } });
  const spoilt = kept.length < repetitions;
  console.log(`
${spoilt ? `ONLY ${kept.length} of ${rounds.length} samples were undisturbed; these figures say little.` : `Medians of ${kept.length} samples; ${discarded} were put aside because others used the machine.`}
                                        payments/s   processor, ms a payment
pgbench, one payment a transaction      ${database.toFixed(0).padStart(10)}   ${milliseconds.databaseAlone.toFixed(3)}
HTTP API                                ${api.toFixed(0).padStart(10)}   ${(milliseconds.postgres + milliseconds.api + milliseconds.generator).toFixed(3)}: PostgreSQL ${milliseconds.postgres.toFixed(3)}, API ${milliseconds.api.toFixed(3)}, load generator ${milliseconds.generator.toFixed(3)}
ratio                                   ${ratio.toFixed(2).padStart(10)}
At ${Math.round(api / 2)} payments/s: p50 ${half.p50.toFixed(1)} ms, p99 ${half.p99.toFixed(1)} ms, slowest ${half.max.toFixed(1)} ms; ${JSON.stringify(half.answers)}`);
  writeReport('payments', {
    payments,
    connections,
    spoilt,
    discarded,
    database,
    api,
    ratio,
    milliseconds,
    half,
    rounds,
  });
} finally {
  await platform.stop();
}

function refuseFailures({ answers, failures }: LoadResult, wanted: number): void {
  if (failures > 0 || answers['201'] !== wanted) {
    throw new Error(
      `Of ${wanted} payments, not all were taken: ${JSON.stringify(answers)}, ${failures} connections broke.`,
    );
  }
}
