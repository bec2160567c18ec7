import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './cluster/cluster.ts';
import type { Instance } from './cluster/instance.ts';
import type { Load } from './load/load.ts';
import type { Habits } from './load/purchase.ts';
import type { Random } from './random.ts';
import { readReceipts } from './receiver/receipts.ts';

/** The parts that a scenario uses. */
export interface Scene {
  readonly cluster: Cluster;
  readonly load: Load;
  readonly random: Random;
  /** The number of injections of the fault. */
  readonly times: number;
}

/** A fault under load. */
export interface Scenario {
  /** Part of every key and token of its load, to attribute findings. */
  readonly name: string;
  readonly habits?: Habits;
  /** Why it cannot run here; it is then skipped. @default - it can run */
  readonly impossible?: (cluster: Cluster) => string | undefined;
  /** @throws when the fault did not occur, or the platform behaved incorrectly */
  readonly run: (scene: Scene) => Promise<void>;
}

const acksBetweenFaults = 30;
const hourMilliseconds = 3_600_000;

const anyInstance = ({ cluster, random }: Scene): Instance => {
  const instance = cluster.instances[random.whole(0, cluster.instances.length - 1)];
  if (!instance) throw new Error('No instance of the API runs.');
  return instance;
};

/** Repeats an action, each time after the load has made progress. */
async function repeatedly(scene: Scene, fault: () => Promise<void>): Promise<void> {
  for (let round = 0; round < scene.times; round += 1) {
    await scene.load.untilAcknowledged(acksBetweenFaults);
    await sleep(scene.random.whole(0, 300));
    await fault();
  }
  await scene.load.untilAcknowledged(acksBetweenFaults);
}

async function replaced(
  scene: Scene,
  end: (instance: Instance) => Promise<void>,
  instance = anyInstance(scene),
): Promise<void> {
  await end(instance);
  scene.cluster.takeOut(instance);
  await scene.cluster.startInstance();
}

/** The errors of a server that cannot write. */
const unwritable = ['53100', '57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET'];

async function diskIsFull({ database }: Cluster): Promise<boolean> {
  try {
    await database.run(
      'CREATE TABLE public.grown AS SELECT repeat(md5(n::text), 50) FROM generate_series(1, 20000) AS n',
    );
    return false;
  } catch (error) {
    return unwritable.includes((error as { code?: string }).code ?? '');
  }
}

/** Repeats what overloads the API until a number of requests were refused. @throws after ten repetitions */
async function untilRefused({ traffic }: Load, wanted: number, overload: () => Promise<unknown>): Promise<void> {
  for (let times = 0; traffic.refused < wanted; times += 1) {
    if (times === 10) throw new Error(`Only ${traffic.refused} of ${wanted} requests were refused.`);
    await overload();
  }
}

/** All faults, in order. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'machine-vanishes',
    run: (scene) => repeatedly(scene, () => replaced(scene, (instance) => instance.vanish())),
  },
  {
    name: 'api-killed',
    run: (scene) => repeatedly(scene, () => replaced(scene, (instance) => instance.kill())),
  },
  {
    name: 'database-killed',
    run: (scene) =>
      repeatedly(scene, async () => {
        const { database } = scene.cluster;
        await database.kill();
        await database.ensureRunning();
      }),
  },
  {
    name: 'connections-cut',
    run: (scene) =>
      repeatedly(scene, async () => {
        for (let cut = 0; cut < 5; cut += 1) {
          anyInstance(scene).network.cut();
          await sleep(scene.random.whole(20, 200));
        }
      }),
  },
  {
    name: 'connections-refused',
    run: (scene) =>
      repeatedly(scene, async () => {
        const networks = scene.cluster.instances.map(({ network }) => network);
        for (const network of networks) network.refuse(true);
        await sleep(scene.random.whole(300, 1500));
        for (const network of networks) network.refuse(false);
      }),
  },
  {
    name: 'connections-slow',
    run: (scene) =>
      repeatedly(scene, async () => {
        const { network } = anyInstance(scene);
        network.delay(scene.random.whole(10, 60));
        await sleep(500);
        await network.stall(scene.random.whole(500, 1000 * scene.times + 500));
        network.delay(0);
      }),
  },
  {
    name: 'acquirer-misbehaves',
    run: (scene) =>
      repeatedly(scene, async () => {
        const each = 0.04;
        await scene.cluster.acquirerBehaves({
          lost: each,
          unavailable: each,
          silent: each,
          cut: each,
          late: each,
          garbled: each,
          twice: 3 * each,
        });
        await scene.load.untilAcknowledged(acksBetweenFaults);
        await scene.cluster.acquirerBehaves({});
      }),
  },
  {
    name: 'acquirer-killed',
    run: (scene) => repeatedly(scene, () => scene.cluster.replaceAcquirer()),
  },
  {
    name: 'receiver-killed',
    run: (scene) =>
      repeatedly(scene, async () => {
        const restart = await scene.cluster.killReceiver();
        await scene.load.untilAcknowledged(acksBetweenFaults);
        await restart();
      }),
  },
  {
    // The receiver has webhooks that no instance has marked as delivered.
    name: 'api-killed-before-mark',
    run: (scene) =>
      repeatedly(scene, async () => {
        const { cluster } = scene;
        const before = readReceipts(cluster.receiptFile).length;
        await cluster.receiverIsSilent(true);
        try {
          await scene.load.untilAcknowledged(acksBetweenFaults);
          const silent = readReceipts(cluster.receiptFile).slice(before);
          if (silent.length === 0) throw new Error('No webhook was being sent.');
          await Promise.all(cluster.instances.map((each) => replaced(scene, (instance) => instance.kill(), each)));
        } finally {
          await cluster.receiverIsSilent(false);
        }
      }),
  },
  {
    name: 'clock-jumps',
    run: (scene) =>
      repeatedly(scene, async () => {
        const { load, cluster } = scene;
        const [first, second] = cluster.instances;
        for (const [instance, shift] of [
          [first, hourMilliseconds],
          [second, -hourMilliseconds],
        ] as const) {
          if (!instance) throw new Error('A clock jump requires two instances.');
          instance.shiftClock(shift);
          await load.untilAcknowledged(acksBetweenFaults);
          const off = instance.lastLoggedAt() - Date.now();
          if (Math.abs(off - shift) > 60_000) throw new Error(`The clock is off by ${off} ms instead of ${shift} ms.`);
        }
        for (const instance of cluster.instances) instance.shiftClock(0);
      }),
  },
  {
    name: 'disk-full',
    impossible: ({ volume }) => (volume.fill ? undefined : 'this machine does not permit mounting a small volume'),
    run: (scene) =>
      repeatedly(scene, async () => {
        const { volume, database } = scene.cluster;
        volume.fill?.();
        try {
          if (!(await diskIsFull(scene.cluster))) throw new Error('The volume was not full.');
          // The WAL needs a new segment too, so the server panics.
          for (let segment = 0; segment < 4; segment += 1)
            await database.run('SELECT pg_switch_wal()').catch(() => undefined);
          await sleep(scene.random.whole(200, 800));
        } finally {
          volume.empty();
        }
        await database.ensureRunning();
      }),
  },
  {
    name: 'overload',
    run: (scene) =>
      repeatedly(scene, async () => {
        const { cluster, load } = scene;
        const networks = cluster.instances.map(({ network }) => network);
        const enough = load.traffic.refused + scene.random.whole(20, 50);
        const end = load.surge(100);
        // A database that answers late, so that this process can send more than the API can answer.
        const stall = () => Promise.all(networks.map((network) => network.stall(scene.random.whole(1500, 2500))));
        try {
          await untilRefused(load, enough, stall);
        } finally {
          await end();
        }
      }),
  },
  {
    name: 'deployment',
    run: (scene) =>
      repeatedly(scene, async () => {
        const { cluster, load } = scene;
        const old = anyInstance(scene);
        await cluster.startInstance();
        // So that requests are in flight.
        await cluster.acquirerBehaves({ slow: 1 });
        while (load.traffic.underWayTo(old.address) < 3) await sleep(1);
        await sleep(100);
        const signalledAt = Date.now();
        // Some requests still reach the old instance after SIGTERM, as during target deregistration.
        const ended = old.stop();
        await sleep(scene.random.whole(0, 100));
        cluster.takeOut(old);
        const code = await ended;
        await cluster.acquirerBehaves({});
        if (code !== 0) throw new Error(`The API exited with ${code} on SIGTERM.`);
        // Later requests may have met a closing connection; earlier ones must be finished.
        const cut = load.traffic.broken.filter(
          ({ address, sentAt }) => address === old.address && sentAt < signalledAt,
        );
        if (cut.length > 0) throw new Error(`SIGTERM aborted ${cut.length} requests in flight.`);
      }),
  },
  {
    name: 'nobody-comes-back',
    habits: { abandons: 0.5 },
    run: (scene) => repeatedly(scene, () => replaced(scene, (instance) => instance.kill())),
  },
];
