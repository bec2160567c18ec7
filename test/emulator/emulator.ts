import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { motoProblem } from './moto';
import type { AccessJournal, RoleStatement } from './role-statements';

/** Names of existing resources by type. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/** AWS on loopback: a process with moto's services and a CloudFormation emulation. It keeps no state when it ends. */
export class Emulator {
  readonly endpoint: string;
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(process: ChildProcess, endpoint: string, folder: string) {
    this.#process = process;
    this.endpoint = endpoint;
    this.#folder = folder;
  }

  /** Starts one, on a free port if none is given. @throws when it ends before it serves, with what it said */
  static async start(port = 0): Promise<Emulator> {
    const folder = mkdtempSync(join(tmpdir(), 'emulator-'));
    const started = spawn('python3', ['-m', 'emulated_aws', '--port', String(port)], {
      cwd: __dirname,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        PYTHONUNBUFFERED: '1',
        EMULATOR_TRACEBACKS: '1',
        EMULATOR_FAIL_FILE: join(folder, 'fail'),
        // Where it unpacks functions.
        TMPDIR: folder,
      },
    });
    const log = createWriteStream(join(folder, 'log'));
    started.stderr.pipe(log);
    const said = await Promise.race([once(createInterface(started.stdout), 'line'), once(started, 'exit')]);
    const [endpoint] = said as unknown[];
    if (typeof endpoint !== 'string') {
      throw new Error(`The emulator did not start. ${motoProblem() ?? ''}\n${tail(folder)}`);
    }
    started.stdout.pipe(log);
    return new Emulator(started, endpoint, folder);
  }

  /** Environment variables that make CLI, SDK and functions use the emulator. Credentials of the caller are not passed on. */
  get environment(): Readonly<Record<string, string>> {
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: 'emulator',
      AWS_SECRET_ACCESS_KEY: 'emulator',
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      CDK_DOCKER: join(__dirname, 'docker_stub.py'),
    };
  }

  /** The existing resources of a region. */
  async inventory(region: string): Promise<Inventory> {
    return (await this.#ask(region, 'inventory')) as Inventory;
  }

  /** Deployed types without an emulated service, of which only the properties are stored. */
  async keptOnly(): Promise<readonly string[]> {
    return (await this.#ask('us-east-1', 'kept-only')) as readonly string[];
  }

  /** Allowed and denied calls of roles since the last `leaveOut`. */
  async accessJournal(): Promise<AccessJournal> {
    return (await this.#ask('us-east-1', 'access')) as AccessJournal;
  }

  /** Omits a statement of a role, or none, and starts a new journal. */
  async leaveOut(statement: RoleStatement | null): Promise<void> {
    await this.#tell('access', JSON.stringify(statement));
  }

  /** Advances the clock of functions. */
  async skip(seconds: number): Promise<void> {
    await this.#tell('clock', String(seconds));
  }

  /** The last log lines: errors of services and functions. */
  get lastWords(): string {
    return tail(this.#folder);
  }

  /** Makes resources of a type, or one logical id, fail. Empty: no failures. */
  fail(typeOrLogicalId: string): void {
    writeFileSync(join(this.#folder, 'fail'), typeOrLogicalId);
  }

  async #tell(what: string, body: string): Promise<void> {
    const { ok } = await fetch(`${this.endpoint}/cloudformation_us-east-1/${what}`, { method: 'PUT', body });
    if (!ok) throw new Error(`The emulator refuses ${body} as its ${what}:\n${tail(this.#folder)}`);
  }

  async #ask(region: string, question: string): Promise<unknown> {
    const response = await fetch(`${this.endpoint}/cloudformation_${region}/${question}`);
    if (!response.ok)
      throw new Error(`The emulator does not tell its ${question} of ${region}:\n${tail(this.#folder)}`);
    return response.json();
  }

  /** Ends the emulator and discards its state. */
  async stop(): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill();
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function tail(folder: string): string {
  return readFileSync(join(folder, 'log'), 'utf8').slice(-3000);
}
