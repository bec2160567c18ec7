import type { BenchedPlatform } from './benched-platform.ts';
import type { Goal } from './goals.ts';
import type { Load } from './load-job.ts';
import { type Phase, printPhase, runPhase } from './phase.ts';

/*
 * The behaviour of the API under overload: first its peak of successful responses, then multiples of that from an open loop of
 * clients. Every goal is a ratio to the peak of the same run, so that the speed of the machine does not matter.
 */

/** The maximum duration of a phase, and the recovery time after it. */
export interface OverloadSettings {
  readonly seconds: number;
  readonly recoverySeconds: number;
  readonly readShare: number;
}

const closedConnections = [64, 128, 256, 512];
/** More connections than responses that take a second can occupy. */
const openConnections = 4000;
const multiples = [1, 2, 4, 10];

/** Runs all phases. Returns their results and the goals. */
export async function benchOverload(platform: BenchedPlatform, keys: readonly string[], settings: OverloadSettings) {
  const { seconds, recoverySeconds, readShare } = settings;
  const phases: Phase[] = [];
  const run = async (name: string, connections: number, load: Load): Promise<Phase> => {
    const phase = await runPhase(platform, name, { port: platform.port, keys, connections, load });
    phases.push(phase);
    printPhase(phase);
    return phase;
  };
  const open = (name: string, perSecond: number, duration: number, retry?: 'after-retry-after' | 'immediately') =>
    run(name, openConnections, {
      kind: 'open',
      perSecond: Math.round(perSecond),
      seconds: duration,
      readShare,
      ...(retry && { retry }),
    });

  let peak = 0;
  let answerMilliseconds = NaN;
  for (const connections of closedConnections) {
    const closed = await run(`peak, ${connections} connections`, connections, {
      kind: 'closed',
      requests: 10_000,
      readShare,
    });
    if (closed.servedPerSecond <= peak) continue;
    peak = closed.servedPerSecond;
    answerMilliseconds = (closed.api * 1000) / (closed.servedPerSecond * closed.result.seconds);
  }
  const refusalMilliseconds = await costOfRefusal(platform, () => open('refuses everything', peak * 2, 5));

  const goals: Goal[] = [
    {
      name: 'processor time of a refusal',
      measured: refusalMilliseconds / answerMilliseconds,
      atMost: 0.1,
      unit: 'of an answer',
    },
  ];
  const holdGoals = (phase: Phase, after: Phase) => {
    const { name, result } = phase;
    goals.push(
      { name: `${name}: good answers`, measured: phase.servedPerSecond / peak, atLeast: 0.9, unit: 'of the peak' },
      { name: `${name}: p99 of good answers`, measured: result.served.p99, atMost: 1000, unit: 'ms' },
      ...(result.refused.max > 0
        ? [{ name: `${name}: p99 of refusals`, measured: result.refused.p99, atMost: 100, unit: 'ms' }]
        : []),
      {
        name: `${name}: broken connections`,
        measured: result.failures + after.result.failures,
        atMost: 0,
        unit: 'connections',
      },
      { name: `${name}: memory`, measured: phase.memoryMebibytes, atMost: 700, unit: 'MiB' },
      {
        name: `${name}: refusals from the third second after it`,
        measured: refusedFrom(after, 2),
        atMost: 0,
        unit: 'requests',
      },
    );
  };
  for (const multiple of multiples) {
    const phase = await open(`${multiple} × peak`, peak * multiple, seconds);
    holdGoals(phase, await open('half the peak after it', peak / 2, recoverySeconds));
  }
  for (const retry of ['after-retry-after', 'immediately'] as const) {
    const phase = await open(`2 × peak, retries ${retry}`, peak * 2, seconds, retry);
    holdGoals(phase, await open('half the peak after it', peak / 2, recoverySeconds));
  }
  return { peak, answerMilliseconds, refusalMilliseconds, phases, goals };
}

/** Milliseconds of the API's processor for a refusal: a lock keeps the first request waiting, so every later one is refused. */
async function costOfRefusal({ superuser }: BenchedPlatform, load: () => Promise<Phase>): Promise<number> {
  const lock = await superuser.connect();
  try {
    await lock.query('BEGIN; LOCK TABLE payments.api_keys IN ACCESS EXCLUSIVE MODE');
    const release = setTimeout(() => void lock.query('ROLLBACK'), 9000);
    const phase = await load();
    clearTimeout(release);
    const { api, result } = phase;
    return (api * 1000) / (result.answers['503'] ?? NaN);
  } finally {
    await lock.query('ROLLBACK');
    lock.release();
  }
}

function refusedFrom({ result }: Phase, second: number): number {
  return result.perSecond.slice(second).reduce((sum, { refused }) => sum + refused, 0);
}
