import { parseArgs } from 'node:util';
import { addUsers, startBenchedPlatform } from './benched-platform.ts';
import { generateLoad, type LoadResult } from './load-job.ts';
import { type Half, reportPayments, type Round, type Turn } from './payments-report.ts';
import { preparePgbench, runPgbench } from './pgbench.ts';
import { processorTime, usedBetween } from './processor-time.ts';
import { median, sampleUntil } from './statistics.ts';

/*
 * `npm run bench`: compares the payments per second of the API over HTTP with those of pgbench on the same database, with one
 * payment per transaction, alternating, on one machine for load generator, API and database. Then it measures the latency at half that rate.
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
const sampling = { wanted: Number(values.repetitions), mostForeignShare: Number(values['foreign-share']) };

const platform = await startBenchedPlatform();
try {
  const connections = Number(values.connections);
  const job = { port: platform.port, keys: await addUsers(platform, 100, 100), connections };
  const scripts = await preparePgbench(platform);
  const clocks = () => processorTime(platform.apiPid, platform.postmasterPid);

  const pgbench = (script: string) => runPgbench(platform, script, payments);
  const http = async () => {
    const result = await generateLoad({ ...job, load: { kind: 'closed', requests: payments } });
    refuseFailures(result);
    return payments / result.seconds;
  };
  const turn = async (take: () => Promise<number>): Promise<Turn> => {
    const before = clocks();
    const perSecond = await take();
    const { postgres, api, generators, foreignShare } = usedBetween(before, clocks());
    const perPayment = (seconds: number) => (seconds * 1000) / payments;
    const milliseconds = { postgres: perPayment(postgres), api: perPayment(api), generator: perPayment(generators) };
    return { perSecond, milliseconds, foreignShare };
  };
  const round = async (): Promise<Round> => {
    const fewestRows = await turn(() => pgbench(scripts.fewest));
    const allRows = await turn(() => pgbench(scripts.all));
    const overHttp = await turn(http);
    const foreignShare = Math.max(fewestRows.foreignShare, allRows.foreignShare, overHttp.foreignShare);
    const [few, all, own] = [fewestRows, allRows, overHttp].map(({ perSecond }) => perSecond.toFixed(0));
    console.log(`pgbench ${few}/s, with the timeline ${all}/s, HTTP ${own}/s; ${foreign(foreignShare)}`);
    return { fewestRows, allRows, http: overHttp, foreignShare };
  };
  const half = async (perSecond: number): Promise<Half> => {
    const before = clocks();
    const result = await generateLoad({ ...job, load: { kind: 'open', perSecond, seconds: 15 } });
    const { foreignShare } = usedBetween(before, clocks());
    const [p50, p99, slowest] = [result.all.p50, result.all.p99, result.all.max].map((milliseconds) =>
      milliseconds.toFixed(1),
    );
    const latency = `p50 ${p50} ms, p99 ${p99} ms, slowest ${slowest} ms`;
    console.log(`${perSecond}/s: ${latency}, ${JSON.stringify(result.answers)}; ${foreign(foreignShare)}`);
    return { ...result, foreignShare };
  };

  console.log(`${payments} payments a turn, ${connections} connections. Warming up.`);
  await http();
  await runPgbench(platform, scripts.all, payments / 4);
  const rounds = await sampleUntil(sampling, round);
  const perSecond = Math.round(median(rounds.counted.map((each) => each.http.perSecond)) / 2);
  const halves = await sampleUntil(sampling, () => half(perSecond));
  reportPayments({ payments, connections }, rounds, perSecond, halves);
} finally {
  await platform.stop();
}

function foreign(share: number): string {
  return `others used ${(share * 100).toFixed(0)} % of the machine`;
}

function refuseFailures({ answers, failures }: LoadResult): void {
  if (failures > 0 || answers['201'] !== payments) {
    throw new Error(
      `Of ${payments} payments, not all were taken: ${JSON.stringify(answers)}, ${failures} connections broke.`,
    );
  }
}
