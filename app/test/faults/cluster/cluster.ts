import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Behaviour } from '../acquirer/behaviour.ts';
import type { Merchant } from '../load/purchase.ts';
import { Database } from './database.ts';
import { Instance } from './instance.ts';
import { apiLogin, prepareSchema } from './prepare-schema.ts';
import { type RunningProcess, startProcess } from './process.ts';
import { makeVolume, type Volume } from './volume.ts';

const acquirerEntry = fileURLToPath(new URL('../acquirer/acquirer.ts', import.meta.url));
const appDirectory = fileURLToPath(new URL('../../..', import.meta.url));

/** Database, acquirer and two instances of the API as processes, with fault injection. */
export class Cluster {
  readonly directory: string;
  readonly volume: Volume;
  readonly database: Database;
  readonly merchants: readonly Merchant[];
  readonly #seed: number;
  #acquirer: RunningProcess;
  #instances: Instance[] = [];
  #count = 0;
  readonly #started: Instance[] = [];

  private constructor(
    directory: string,
    volume: Volume,
    database: Database,
    merchants: readonly Merchant[],
    acquirer: RunningProcess,
    seed: number,
  ) {
    this.directory = directory;
    this.volume = volume;
    this.database = database;
    this.merchants = merchants;
    this.#acquirer = acquirer;
    this.#seed = seed;
  }

  /** Starts all processes from the bundles of the image. */
  static async start(seed: number): Promise<Cluster> {
    const directory = mkdtempSync(join(tmpdir(), 'payment-platform-faults-'));
    chmodSync(directory, 0o755);
    bundle(join(directory, 'bundles'));
    const volume = makeVolume(join(directory, 'volume'));
    const database = await Database.start(join(volume.directory, 'postgres'));
    const merchants = await prepareSchema(database, directory);
    const acquirer = await startAcquirer(directory, '0', seed);
    const cluster = new Cluster(directory, volume, database, merchants, acquirer, seed);
    await Promise.all([cluster.startInstance(), cluster.startInstance()]);
    return cluster;
  }

  /** The instances that receive requests. */
  get instances(): readonly Instance[] {
    return this.#instances;
  }

  /** The URLs of these instances. */
  addresses(): readonly string[] {
    return this.#instances.map(({ address }) => address);
  }

  /** The acquirer's journal. */
  get bookFile(): string {
    return join(this.directory, 'book');
  }

  /** Starts another instance that receives requests. */
  async startInstance(): Promise<Instance> {
    const instance = await Instance.start({
      name: `api-${(this.#count += 1)}`,
      directory: this.directory,
      databasePort: () => this.database.port,
      passwordFile: join(this.directory, apiLogin),
      acquirerUrl: this.#acquirer.address,
    });
    this.#started.push(instance);
    this.#instances.push(instance);
    return instance;
  }

  /** Deregisters an instance. */
  takeOut(instance: Instance): void {
    this.#instances = this.#instances.filter((each) => each !== instance);
  }

  /** Sets the behaviour of the acquirer. */
  async acquirerBehaves(behaviour: Behaviour): Promise<void> {
    await fetch(`${this.#acquirer.address}/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) });
  }

  /** Kills the acquirer and restarts it with the same port and journal. */
  async replaceAcquirer(): Promise<void> {
    const { port } = new URL(this.#acquirer.address);
    this.#acquirer.kill('SIGKILL');
    await this.#acquirer.ended;
    this.#acquirer = await startAcquirer(this.directory, port, this.#seed + 1);
  }

  /** Shortens all leases to `seconds`, so that those of killed processes expire sooner. */
  async shortenLeases(seconds: number): Promise<void> {
    // Both kinds of leases last 30 seconds; the recovery waits 10 more.
    await this.database.run(
      `UPDATE payments.idempotency_keys SET leased_until = now() - interval '11 seconds'
       WHERE leased_until BETWEEN now() AND now() + make_interval(secs => 30 - $1)`,
      [seconds],
    );
    await this.database.run(
      `UPDATE payments.outbox SET next_attempt_at = now()
       WHERE delivered_at IS NULL AND next_attempt_at BETWEEN now() AND now() + make_interval(secs => 30 - $1)`,
      [seconds],
    );
  }

  /** Stops all processes and deletes their files unless `keep`. */
  async stop(keep: boolean): Promise<void> {
    await Promise.all(this.#started.map((instance) => instance.kill().catch(() => undefined)));
    this.#acquirer.kill('SIGKILL');
    await this.database.stop();
    this.volume.remove();
    if (!keep) rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Builds the files of the image. */
function bundle(directory: string): void {
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'build.ts', directory], {
    cwd: appDirectory,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The API could not be bundled:\n${stderr}`);
}

function startAcquirer(directory: string, port: string, seed: number): Promise<RunningProcess> {
  return startProcess({
    args: ['--import', 'tsx', acquirerEntry, join(directory, 'book'), port, String(seed)],
    environment: {},
    logFile: join(directory, 'acquirer.log'),
  });
}
