import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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
import { addEndpoint } from './webhook-endpoint.ts';

const acquirerEntry = fileURLToPath(new URL('../acquirer/acquirer.ts', import.meta.url));
const receiverEntry = fileURLToPath(new URL('../receiver/receiver.ts', import.meta.url));
const appDirectory = fileURLToPath(new URL('../../..', import.meta.url));

/** Database, acquirer, receiver of webhooks and two instances of the API as processes, with fault injection. */
export class Cluster {
  readonly directory: string;
  readonly volume: Volume;
  readonly database: Database;
  readonly merchants: readonly Merchant[];
  readonly #seed: number;
  #acquirer: RunningProcess;
  #receiver: RunningProcess;
  #instances: Instance[] = [];
  #count = 0;
  readonly #started: Instance[] = [];

  private constructor(
    directory: string,
    volume: Volume,
    database: Database,
    merchants: readonly Merchant[],
    acquirer: RunningProcess,
    receiver: RunningProcess,
    seed: number,
  ) {
    this.directory = directory;
    this.volume = volume;
    this.database = database;
    this.merchants = merchants;
    this.#acquirer = acquirer;
    this.#receiver = receiver;
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
    const receiver = await startReceiver(directory, '0');
    writeFileSync(join(directory, webhookKey), randomBytes(32).toString('base64url'), { mode: 0o600 });
    const cluster = new Cluster(directory, volume, database, merchants, acquirer, receiver, seed);
    const [{ address }] = await Promise.all([cluster.startInstance(), cluster.startInstance()]);
    for (const merchant of merchants) await addEndpoint(address, receiver.address, merchant);
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
  get journalFile(): string {
    return join(this.directory, 'journal');
  }

  /** The receiver's journal. */
  get receiptFile(): string {
    return join(this.directory, receipts);
  }

  /** Starts another instance that receives requests. */
  async startInstance(): Promise<Instance> {
    const instance = await Instance.start({
      name: `api-${(this.#count += 1)}`,
      directory: this.directory,
      databasePort: () => this.database.port,
      passwordFile: join(this.directory, apiLogin),
      acquirerUrl: this.#acquirer.address,
      webhookKeyFile: join(this.directory, webhookKey),
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

  /** Lets the receiver journal webhooks without a response, or respond again. */
  async receiverIsSilent(silent: boolean): Promise<void> {
    await fetch(`${this.#receiver.address}/silence`, { method: 'PUT', body: String(silent) });
  }

  /** Kills the receiver. Returns a function that restarts it with the same port and journal. */
  async killReceiver(): Promise<() => Promise<void>> {
    const { port } = new URL(this.#receiver.address);
    this.#receiver.kill('SIGKILL');
    await this.#receiver.ended;
    return async () => {
      this.#receiver = await startReceiver(this.directory, port);
    };
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
    // The endpoints are locked first, as the platform does, so that no deadlock follows. A failed delivery is retried immediately.
    await this.database.run(
      `WITH locked AS MATERIALIZED (SELECT id FROM payments.webhook_endpoints ORDER BY id FOR NO KEY UPDATE)
       UPDATE payments.webhook_deliveries SET leased_until = NULL, next_attempt_at = now()
       WHERE endpoint_id IN (SELECT id FROM locked) AND status = 'pending' AND next_attempt_at > now()
         AND (leased_until IS NULL OR leased_until < now() + make_interval(secs => 30 - $1))`,
      [seconds],
    );
  }

  /** Stops all processes and deletes their files unless `keep`. */
  async stop(keep: boolean): Promise<void> {
    await Promise.all(this.#started.map((instance) => instance.kill().catch(() => undefined)));
    this.#acquirer.kill('SIGKILL');
    this.#receiver.kill('SIGKILL');
    await this.database.stop();
    this.volume.remove();
    if (!keep) rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Names of files: the key that seals signing secrets, and the journal of the receiver. */
const webhookKey = 'webhook-key';
const receipts = 'receipts';

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
    args: ['--import', 'tsx', acquirerEntry, join(directory, 'journal'), port, String(seed)],
    environment: {},
    logFile: join(directory, 'acquirer.log'),
  });
}

function startReceiver(directory: string, port: string): Promise<RunningProcess> {
  return startProcess({
    args: ['--import', 'tsx', receiverEntry, join(directory, receipts), port],
    environment: {},
    logFile: join(directory, 'receiver.log'),
  });
}
