import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { addUsers, startBenchedPlatform } from './benched-platform.ts';
import { generateLoad } from './load-job.ts';
import { processorTime, residentMebibytes, usedBetween } from './processor-time.ts';
import { writeReport } from './report.ts';

/*
 * `npm run bench:users`: ten thousand users with a connection and a key each, who think, read and pay; then a moment of twice as much, of
 * which the API refuses what it cannot do in time. Load generator, API and database share the machine.
 */

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '60' },
    merchants: { type: 'string', default: '500' },
  },
});
const users = Number(values.users);
const rate = Number(values.rate);
const seconds = Number(values.seconds);
/** The generator has a socket for each user, and so has the API, which inherits the limit. */
const needed = users + 1000;
const readShare = 0.8;

const openFiles = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
if (openFiles < needed) {
  console.error(
    `A process may have ${openFiles} files open; ${users} users need ${needed}. Run 'ulimit -n ${needed}' first.`,
  );
  process.exit(1);
}

const platform = await startBenchedPlatform();
try {
  const keys = await addUsers(platform, Number(values.merchants), users);
  const job = { port: platform.port, keys, connections: users };
  console.log(`${users} users, ${rate} requests/s in all, ${readShare * 100} % of them reads. Warming up.`);
  await generateLoad({ ...job, connections: 64, load: { kind: 'closed', requests: 20_000 } });

  const phase = async (name: string, perSecond: number, duration: number) => {
    const before = processorTime(platform.apiPid, platform.postmasterPid);
    let memory = 0;
    const watch = setInterval(() => {
      memory = Math.max(memory, residentMebibytes(platform.apiPid));
    }, 500);
    const load = { kind: 'users', thinkSeconds: users / perSecond, seconds: duration, readShare } as const;
    const result = await generateLoad({ ...job, load });
    clearInterval(watch);
    const used = usedBetween(before, processorTime(platform.apiPid, platform.postmasterPid));
    const answered = Object.values(result.answers).reduce((sum, count) => sum + count, 0);
    const cores = (value: number) => (value / used.seconds).toFixed(2);
    console.log(`
${name}: ${(answered / result.seconds).toFixed(0)} answers/s of ${perSecond} asked for, over ${result.seconds.toFixed(0)} s
  answers     ${JSON.stringify(result.answers)}, ${result.failures} broken connections, ${result.retries} sent again after a 408
  latency     p50 ${result.p50.toFixed(1)} ms, p99 ${result.p99.toFixed(1)} ms, slowest ${result.max.toFixed(0)} ms
  processors  API ${cores(used.api)}, PostgreSQL ${cores(used.postgres)}, load generator ${cores(used.generators)}; others used ${(used.foreignShare * 100).toFixed(0)} % of the machine
  memory      API ${memory} MiB at most`);
    return { perSecond, answered, memoryMebibytes: memory, ...result, used };
  };
  const steady = await phase('Users', rate, seconds);
  const twice = await phase('Twice as many requests', rate * 2, Math.min(20, seconds));
  const after = await phase('And after it', rate, Math.min(20, seconds));
  writeReport('users', { users, readShare, steady, twice, after });
} finally {
  await platform.stop();
}
