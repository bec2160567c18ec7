import type { BenchedPlatform } from './benched-platform.ts';
import { generateLoad, type LoadJob, type LoadResult } from './load-job.ts';
import { processorTime, residentMebibytes, usedBetween } from './processor-time.ts';

/** A phase and its resource usage. */
export interface Phase {
  readonly name: string;
  readonly perSecondAsked: number;
  readonly servedPerSecond: number;
  readonly refusedPerSecond: number;
  readonly result: LoadResult;
  readonly memoryMebibytes: number;
  /** CPU seconds. */
  readonly api: number;
  readonly postgres: number;
  readonly generator: number;
  /** From 0 to 1. */
  readonly foreignShare: number;
}

/** Runs a load and measures what it used. */
export async function runPhase(platform: BenchedPlatform, name: string, job: LoadJob): Promise<Phase> {
  const clocks = () => processorTime(platform.apiPid, platform.postmasterPid);
  const before = clocks();
  let memoryMebibytes = 0;
  const watch = setInterval(() => {
    memoryMebibytes = Math.max(memoryMebibytes, residentMebibytes(platform.apiPid));
  }, 250);
  const result = await generateLoad(job);
  clearInterval(watch);
  const { api, postgres, generators, foreignShare } = usedBetween(before, clocks());
  const { load } = job;
  // Responses after the last arrival do not count for the rate.
  const seconds = load.kind === 'open' ? load.seconds : result.seconds;
  const sum = (field: 'served' | 'refused') =>
    result.perSecond.slice(0, Math.ceil(seconds)).reduce((total, second) => total + second[field], 0);
  return {
    name,
    perSecondAsked: rateOf(job) ?? Math.round(sum('served') / seconds),
    servedPerSecond: sum('served') / seconds,
    refusedPerSecond: sum('refused') / seconds,
    result,
    memoryMebibytes,
    api,
    postgres,
    generator: generators,
    foreignShare,
  };
}

/** The rate that a load asks for; `undefined` for a load that waits for its answers. */
function rateOf({ load, connections }: LoadJob): number | undefined {
  if (load.kind === 'open') return load.perSecond;
  return load.kind === 'users' ? Math.round(connections / load.thinkSeconds) : undefined;
}

/** Prints the figures of a phase. */
export function printPhase({ name, perSecondAsked, result, ...phase }: Phase): void {
  const { served, refused, seconds, failures, retries } = result;
  const cores = (value: number) => (value / seconds).toFixed(2);
  const latency = ({ p50, p99, max }: LoadResult['served']) =>
    `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, slowest ${max.toFixed(0)} ms`;
  console.log(`
${name}: ${perSecondAsked}/s asked for over ${seconds.toFixed(0)} s
  served      ${phase.servedPerSecond.toFixed(0)}/s, ${latency(served)}
  refused     ${phase.refusedPerSecond.toFixed(0)}/s, ${latency(refused)}
  others      ${JSON.stringify(result.answers)}, ${failures} broken connections, ${retries} retries
  processors  API ${cores(phase.api)}, PostgreSQL ${cores(phase.postgres)}, load generator ${cores(phase.generator)}; others used ${(phase.foreignShare * 100).toFixed(0)} % of the machine
  memory      API ${phase.memoryMebibytes} MiB at most`);
}
