import { chmod, mkdir, mkdtemp, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts } from './client.ts';
import { databaseAddressOf, throughPort } from './database-address.ts';
import { type DatabaseGate, freePort } from './database-gate.ts';
import { ServiceProcess } from './service-process.ts';
import { until } from './until.ts';

/** A command and its complete environment. */
export interface Command {
  /** The program and its arguments. */
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The options of the service. */
export interface StartSettings {
  readonly service: Command;
  readonly directory: string;
  /** The timeout until the service listens. */
  readonly startSeconds: number;
  /** The command that the image runs for the argument `migrate.js`. @default - not checked */
  readonly migrate?: Command;
  /** The container health check command. @default - not checked */
  readonly healthCheck?: readonly string[];
}

/** A started process of the service. */
export interface Instance {
  readonly process: ServiceProcess;
  readonly url: URL;
  /** The reason why it does not listen; `undefined` if it does. */
  readonly silence: string | undefined;
}

/** The overrides of a launch. */
export interface LaunchOptions {
  readonly command?: Command;
  /** Requires root. @default - the current user */
  readonly userId?: number;
}

/** Directories in which a process might write. They must stay empty. */
export interface Scratch {
  readonly root: string;
  readonly home: string;
  readonly temporary: string;
}

/** Creates empty world-writable directories, to detect whether the process writes to them. */
export async function createScratch(): Promise<Scratch> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'conformance-')));
  const scratch = { root, home: join(root, 'home'), temporary: join(root, 'tmp') };
  await chmod(root, 0o755);
  for (const path of [scratch.home, scratch.temporary]) {
    await mkdir(path);
    await chmod(path, 0o777);
  }
  return scratch;
}

/** Starts processes with the environment of the service. */
export class Launcher {
  readonly #settings: StartSettings;
  readonly #scratch: Scratch;
  readonly #gate: DatabaseGate | undefined;
  readonly #processes: ServiceProcess[] = [];

  constructor(settings: StartSettings, scratch: Scratch, gate: DatabaseGate | undefined) {
    this.#settings = settings;
    this.#scratch = scratch;
    this.#gate = gate;
  }

  /** Runs a command, by default that of the service, with changed variables; `undefined` removes one. */
  launch(changes: Readonly<Record<string, string | undefined>>, options: LaunchOptions = {}): ServiceProcess {
    const { command = this.#settings.service, userId } = options;
    const { home, temporary } = this.#scratch;
    const variables: Readonly<Record<string, string | undefined>> = {
      ...command.environment,
      HOME: home,
      TMPDIR: temporary,
      XDG_CACHE_HOME: join(home, '.cache'),
      // The level of request logs.
      LOG_LEVEL: 'info',
      ...this.#throughGate(command),
      ...changes,
    };
    const given = Object.entries(variables).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const process = new ServiceProcess({
      command: command.words,
      directory: this.#settings.directory,
      environment: Object.fromEntries(given),
      ...(userId !== undefined && { userId }),
    });
    this.#processes.push(process);
    return process;
  }

  /** Starts the service on a free port and waits until it listens. */
  async another(options?: LaunchOptions): Promise<Instance> {
    const host = hostOf(this.#settings.service);
    const port = await freePort(host);
    const process = this.launch({ PORT: String(port) }, options);
    const url = new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`);
    return { process, url, silence: await waitUntilListening(process, host, port, this.#settings.startSeconds) };
  }

  /** Stops every started process. */
  async close(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.kill()));
  }

  #throughGate({ environment }: Command): Readonly<Record<string, string | undefined>> {
    const [its, ours] = [environment, this.#settings.service.environment].map(databaseAddressOf);
    const same = its?.host === ours?.host && its?.port === ours?.port;
    return this.#gate && same ? throughPort(environment, this.#gate.port) : {};
  }
}

/** The host to connect to. */
function hostOf({ environment: { BIND_ADDRESS: bindAddress = '' } }: Command): string {
  return ['', '0.0.0.0', '::'].includes(bindAddress) ? '127.0.0.1' : bindAddress;
}

/** Waits until the service listens. Returns the reason if it does not. */
async function waitUntilListening(
  process: ServiceProcess,
  host: string,
  port: number,
  seconds: number,
): Promise<string | undefined> {
  const over = () => process.exit !== undefined;
  await until(seconds, async () => (await accepts(host, port)) || over());
  if (!over() && (await accepts(host, port))) return undefined;
  const { exit, output } = process;
  const fate = exit === undefined ? `did not listen within ${seconds} seconds` : `ended with ${exit}`;
  return `it ${fate}; its last words: ${output.slice(-400) || 'none'}`;
}
