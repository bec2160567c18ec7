import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { addUsers, startBenchedPlatform } from './benched-platform.ts';
import { printGoals } from './goals.ts';
import { generateLoad } from './load-job.ts';
import { benchOverload } from './overload.ts';
import { printPhase, runPhase } from './phase.ts';
import { preparePgbench, runPgbench } from './pgbench.ts';
import { writeReport } from './report.ts';

/*
 * `npm run bench:users`: ten thousand users with a connection and a key each, who read and pay; then the peak of the API, and
 * multiples of it. Load generator, API and database share the machine.
 */

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '10000' },
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '60' },
    merchants: { type: 'string', default: '500' },
    overload: { type: 'string', default: '10' },
    vcpu: { type: 'string' },
  },
});
const users = Number(values.users);
const rate = Number(values.rate);
const seconds = Number(values.seconds);
/** Generator and API each have a socket per user. The API inherits the limit. */
const needed = users + 1000;
const readShare = 0.8;

const openFiles = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
if (openFiles < needed) {
  console.error(
    `A process may have ${openFiles} files open; ${users} users need ${needed}. Run 'ulimit -n ${needed}' first.`,
  );
  process.exit(1);
}

const platform = await startBenchedPlatform(values.vcpu === undefined ? undefined : Number(values.vcpu));
try {
  const keys = await addUsers(platform, Number(values.merchants), users);
  const scripts = await preparePgbench(platform);
  const pgbenchPerSecond = await runPgbench(platform, scripts.all, 5000);
  console.log(`pgbench stores ${pgbenchPerSecond.toFixed(0)} payments/s on this machine.`);
  const job = { port: platform.port, keys, connections: users };
  console.log(`${users} users, ${rate} requests/s in all, ${readShare * 100} % of them reads. Warming up.`);
  await generateLoad({ ...job, connections: 64, load: { kind: 'closed', requests: 20_000 } });

  const thinkSeconds = users / rate;
  const steady = await runPhase(platform, 'Users', {
    ...job,
    load: { kind: 'users', thinkSeconds, seconds, readShare },
  });
  printPhase(steady);

  const overloadSeconds = Number(values.overload);
  const overload = await benchOverload(platform, keys, {
    seconds: overloadSeconds,
    recoverySeconds: Math.min(5, overloadSeconds),
    readShare,
  });
  console.log(`
The peak is ${overload.peak.toFixed(0)} good answers/s. An answer costs the API ${overload.answerMilliseconds.toFixed(3)} ms, a refusal ${overload.refusalMilliseconds.toFixed(3)} ms.`);
  printGoals(overload.goals);
  writeReport('users', { users, readShare, pgbenchPerSecond, steady, overload });
} finally {
  await platform.stop();
}
