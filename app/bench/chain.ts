import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { chains, sealBlocks } from '../src/ledger/chain/chain-repository.ts';
import { startSealing } from '../src/ledger/chain/seal-loop.ts';
import { addUsers, startBenchedPlatform } from './benched-platform.ts';
import { generateLoad } from './load-job.ts';
import { processorTime, usedBetween } from './processor-time.ts';
import { writeReport } from './report.ts';
import { median, percentile, type Sample, sampleUntil } from './statistics.ts';

/*
 * `npm run bench:chain`: what the hash chains cost. Takes payments over HTTP with and without sealing them, alternating.
 *
 * A turn with sealing lasts until all of its entries are sealed. It seals more often than production, in smaller blocks, which costs more.
 * What a turn without sealing leaves is sealed after its measurement, so the tasks' own loop, which waits 48 seconds, finds nothing to seal.
 */

/** The largest share of the payment path that the chains may cost. */
const goal = 0.02;
const rowsPerRun = 5000;

/** A rate of payments with its CPU time. */
interface Turn extends Sample {
  readonly perSecond: number;
  /** Of PostgreSQL and the API, for each payment. */
  readonly milliseconds: number;
  readonly sealedRows: number;
}

interface Round extends Sample {
  readonly without: Turn;
  readonly sealing: Turn;
}

const { values } = parseArgs({
  options: {
    payments: { type: 'string', default: '20000' },
    repetitions: { type: 'string', default: '10' },
    connections: { type: 'string', default: '256' },
    'seal-every': { type: 'string', default: '2' },
    'foreign-share': { type: 'string', default: '0.05' },
  },
});
const payments = Number(values.payments);
const sampling = { wanted: Number(values.repetitions), mostForeignShare: Number(values['foreign-share']) };
const intervalMilliseconds = Number(values['seal-every']) * 1000;

const platform = await startBenchedPlatform();
try {
  const pool = platform.superuser;
  const job = {
    port: platform.port,
    keys: await addUsers(platform, 100, 100),
    connections: Number(values.connections),
  };

  const countSealed = async () => {
    const { rows } = await pool.query<{ count: number }>(
      'SELECT coalesce(sum(row_count), 0)::int4 AS count FROM payments.ledger_blocks',
    );
    return rows[0]?.count ?? 0;
  };
  const sealAll = async () => {
    for (const chain of chains) while ((await sealBlocks(pool, chain, rowsPerRun, 0)) > 0);
  };
  const turn = async (isSealing: boolean): Promise<Turn> => {
    const alreadySealed = await countSealed();
    const before = processorTime(platform.apiPid, platform.postmasterPid);
    const loop = isSealing
      ? startSealing({ pool, logger: pino({ level: 'warn' }), intervalMilliseconds, rowsPerRun })
      : undefined;
    const { answers, failures, seconds } = await generateLoad({ ...job, load: { kind: 'closed', requests: payments } });
    await loop?.stop();
    if (isSealing) await sealAll();
    const { postgres, api, foreignShare } = usedBetween(before, processorTime(platform.apiPid, platform.postmasterPid));
    if (failures > 0 || answers['201'] !== payments)
      throw new Error(`Of ${payments} payments, not all were taken: ${JSON.stringify(answers)}.`);
    const sealedRows = (await countSealed()) - alreadySealed;
    if (sealedRows > 0 !== isSealing)
      throw new Error(`${sealedRows} rows were sealed ${isSealing ? 'with' : 'without'} sealing.`);
    await sealAll();
    const milliseconds = ((postgres + api) * 1000) / payments;
    return { perSecond: payments / seconds, milliseconds, sealedRows, foreignShare };
  };
  let rounds = 0;
  const round = async (): Promise<Round> => {
    // The order changes, because each turn finds a larger database than the one before.
    const sealsFirst = rounds++ % 2 === 1;
    const first = await turn(sealsFirst);
    const second = await turn(!sealsFirst);
    const [without, sealing] = sealsFirst ? [second, first] : [first, second];
    const foreignShare = Math.max(without.foreignShare, sealing.foreignShare);
    console.log(
      `without ${described(without)}; sealing ${described(sealing)}; others used ${percent(foreignShare)} of the machine`,
    );
    return { without, sealing, foreignShare };
  };

  console.log(`${payments} payments a turn. Warming up.`);
  await generateLoad({ ...job, load: { kind: 'closed', requests: payments } });
  await sealAll();
  const sampled = await sampleUntil(sampling, round);
  const processor = sampled.counted.map(({ without, sealing }) => sealing.milliseconds / without.milliseconds - 1);
  const rate = sampled.counted.map(({ without, sealing }) => 1 - sealing.perSecond / without.perSecond);
  const summary = (shares: readonly number[]) =>
    `median ${percent(median(shares))}, from ${percent(percentile(shares, 0))} to ${percent(percentile(shares, 1))}`;
  console.log(`\nOf ${sampled.counted.length} rounds; ${sampled.note}.`);
  console.log(`CPU time of PostgreSQL and API: ${summary(processor)} more with sealing`);
  console.log(
    `payments/s: ${summary(rate)} fewer with sealing; goal ${percent(goal)}: ${median(rate) <= goal ? 'met' : 'MISSED'}`,
  );
  writeReport('chain', { payments, intervalMilliseconds, processor, rate, rounds: sampled.all });
} finally {
  await platform.stop();
}

function described({ perSecond, milliseconds }: Turn): string {
  return `${perSecond.toFixed(0)}/s at ${milliseconds.toFixed(3)} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
