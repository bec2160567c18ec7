import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../../src/local/embedded-postgres.ts';

/** A PostgreSQL server that can be killed and restarted. */
export class Database {
  readonly #directory: string;
  #server: EmbeddedPostgres;

  private constructor(directory: string, server: EmbeddedPostgres) {
    this.#directory = directory;
    this.#server = server;
  }

  static async start(directory: string): Promise<Database> {
    return new Database(directory, await start(directory));
  }

  /** Changes with each start. */
  get port(): number {
    return this.#server.port;
  }

  /** The client configuration of the superuser. */
  connection(database = 'payments'): pg.ClientConfig {
    const { host, port, user, password } = this.#server;
    return { host, port, user, password, database, connectionTimeoutMillis: 5000 };
  }

  /** Runs SQL as the superuser. */
  async run(sql: string, parameters: readonly unknown[] = [], database = 'payments'): Promise<void> {
    const client = new pg.Client(this.connection(database));
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query(sql, [...parameters]);
    } finally {
      await client.end();
    }
  }

  /** Sends SIGKILL to every process of the server, like a power failure. Returns when all are gone. */
  async kill(): Promise<void> {
    const postmaster = Number(readFileSync(join(this.#directory, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
    const all = [postmaster, ...childrenOf(postmaster)];
    for (const pid of all) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has already exited.
      }
    }
    while (all.some(isAlive)) await sleep(20);
  }

  /** Restarts a stopped or crashed server. Does nothing if it runs. */
  async ensureRunning(): Promise<void> {
    const end = Date.now() + 20_000;
    for (;;) {
      try {
        await this.run('SELECT 1');
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
      if (!(await this.#isRunning())) this.#server = await start(this.#directory);
      else await sleep(100);
    }
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  async #isRunning(): Promise<boolean> {
    return Promise.race([this.#server.ended.catch(() => false), sleep(50, true)]);
  }
}

function start(directory: string): Promise<EmbeddedPostgres> {
  // Durability as in production. A small WAL fits on the small volume.
  return startEmbeddedPostgres({ directory, settings: ['min_wal_size=32MB', 'max_wal_size=64MB'] });
}

function childrenOf(parent: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const all = stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return all.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []));
}

/** Whether a process runs. An exited process that was not reaped is a zombie. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
}
