import type { LoadResult } from './load-job.ts';
import { writeReport } from './report.ts';
import { median, type Sample, type Sampled } from './statistics.ts';

/** A rate of payments and its CPU cost. */
export interface Turn extends Sample {
  readonly perSecond: number;
  /** CPU time per payment. */
  readonly milliseconds: Readonly<Record<'postgres' | 'api' | 'generator', number>>;
}

/** One round; see {@link preparePgbench} for the two pgbench scripts. */
export interface Round extends Sample, Record<Who, Turn> {}
type Who = 'fewestRows' | 'allRows' | 'http';

/** The latency at half the rate. */
export interface Half extends Sample, LoadResult {}

const names = {
  fewestRows: 'pgbench, one payment a transaction',
  allRows: 'the same with its timeline',
  http: 'HTTP API',
} as const satisfies Record<Who, string>;

/** The parameters. */
export interface PaymentsBench {
  /** In each round. */
  readonly payments: number;
  readonly connections: number;
}

/** Prints the medians of all rounds and writes them with every sample to `bench-results/payments.json`. */
export function reportPayments(
  bench: PaymentsBench,
  rounds: Sampled<Round>,
  perSecond: number,
  halves: Sampled<Half>,
): void {
  const of = (pick: (each: Round) => number) => median(rounds.counted.map(pick));
  const ratio = of(({ http, fewestRows }) => http.perSecond / fewestRows.perSecond);
  const ratioOfAllRows = of(({ http, allRows }) => http.perSecond / allRows.perSecond);
  const p99AtHalf = median(halves.counted.map(({ all }) => all.p99));
  console.log(`\nMedians of ${rounds.counted.length} rounds; ${rounds.note}.`);
  console.table(
    Object.fromEntries(
      Object.entries(names).map(([who, name]) => {
        const milliseconds = (part: keyof Turn['milliseconds']) =>
          Number(of((each) => each[who as Who].milliseconds[part]).toFixed(3));
        return [
          name,
          {
            'payments/s': Math.round(of((each) => each[who as Who].perSecond)),
            'PostgreSQL, ms': milliseconds('postgres'),
            'API, ms': milliseconds('api'),
            'generator, ms': milliseconds('generator'),
          },
        ];
      }),
    ),
  );
  console.log(
    `HTTP is ${ratio.toFixed(2)} times pgbench, and ${ratioOfAllRows.toFixed(2)} times pgbench with the timeline.`,
  );
  console.log(
    `At ${perSecond} payments/s: p99 ${p99AtHalf.toFixed(1)} ms, median of ${halves.counted.length}; ${halves.note}.`,
  );
  writeReport('payments', {
    ...bench,
    ratio,
    ratioOfAllRows,
    perSecond,
    p99AtHalf,
    rounds: rounds.all,
    halves: halves.all,
  });
}
