import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningProcess, startProcess } from './process.ts';
import { TcpProxy } from './tcp-proxy.ts';

/** The options of an instance. */
export interface InstanceOptions {
  readonly name: string;
  /** Contains the bundles of the image and the logs. */
  readonly directory: string;
  readonly databasePort: () => number;
  readonly passwordFile: string;
  readonly acquirerUrl: string;
  readonly webhookKeyFile: string;
}

const clock = fileURLToPath(new URL('shifted-clock.mjs', import.meta.url));

/** A process of the API with its own proxy to the database and its own clock. */
export class Instance {
  readonly process: RunningProcess;
  /** The proxy between the API and the database. */
  readonly network: TcpProxy;
  readonly #clockFile: string;
  readonly #logFile: string;

  private constructor(process: RunningProcess, network: TcpProxy, file: string) {
    this.process = process;
    this.network = network;
    this.#clockFile = `${file}.clock`;
    this.#logFile = `${file}.log`;
  }

  static async start(options: InstanceOptions): Promise<Instance> {
    const { name, directory, databasePort, passwordFile, acquirerUrl, webhookKeyFile } = options;
    const network = await TcpProxy.start(databasePort);
    const file = join(directory, name);
    const process = await startProcess({
      args: ['--import', clock, join(directory, 'bundles', 'server.js')],
      logFile: `${file}.log`,
      environment: {
        ...databaseEnvironment(network.port, 'payments_api', passwordFile),
        BIND_ADDRESS: '127.0.0.1',
        PORT: '0',
        TLS: 'off',
        COOKIE_SECURE: 'false',
        ACQUIRER_URL: acquirerUrl,
        WEBHOOK_KEY_FILE: webhookKeyFile,
        LOOPBACK_WEBHOOKS: 'true',
        CLOCK_SHIFT_FILE: `${file}.clock`,
      },
    });
    return new Instance(process, network, file);
  }

  get address(): string {
    return this.process.address;
  }

  /** Sets the offset of its wall clock. */
  shiftClock(milliseconds: number): void {
    writeFileSync(this.#clockFile, String(milliseconds));
    this.process.kill('SIGUSR2');
  }

  /** The time of its last log line. */
  lastLoggedAt(): number {
    const times = readFileSync(this.#logFile, 'utf8').matchAll(/"time":"([^"]+)"/g);
    return Date.parse([...times].at(-1)?.[1] ?? '');
  }

  /** Sends SIGKILL. The operating system closes its connections. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.process.ended;
    await this.network.close();
  }

  /** Simulates a host failure: the database does not notice it. */
  async vanish(): Promise<void> {
    this.network.vanish();
    this.process.kill('SIGKILL');
    await this.process.ended;
  }

  /** Sends SIGTERM, like a deployment. Returns the exit code, or the signal that ended it. */
  async stop(): Promise<number | NodeJS.Signals> {
    this.process.kill('SIGTERM');
    const late = setTimeout(() => {
      this.process.kill('SIGKILL');
    }, 30_000);
    const code = await this.process.ended;
    clearTimeout(late);
    await this.network.close();
    return code;
  }
}

/** The database variables of a process. */
export function databaseEnvironment(port: number, user: string, passwordFile: string): Record<string, string> {
  return {
    ENVIRONMENT_NAME: 'faults',
    DATABASE_HOST: '127.0.0.1',
    DATABASE_PORT: String(port),
    DATABASE_NAME: 'payments',
    DATABASE_USER: user,
    DATABASE_AUTHENTICATION: 'password-file',
    DATABASE_PASSWORD_FILE: passwordFile,
    DATABASE_TLS: 'disable',
  };
}
