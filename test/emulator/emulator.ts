import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { motoProblem } from './moto';
import type { AccessJournal, RoleStatement } from './role-statements';

/** The names of what stands, by type of resource. */
export type Inventory = Readonly<Record<string, readonly string[]>>;

/** AWS on loopback: a process with moto's services and our CloudFormation. It forgets everything when it ends. */
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

  /** What the CLI, the SDK and the functions need to take the emulator for AWS. Credentials of the caller do not get through. */
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

  /** What stands in a region. */
  async inventory(region: string): Promise<Inventory> {
    return (await this.#ask(region, 'inventory')) as Inventory;
  }

  /** The types of what was deployed that no service answers for: their properties are kept, and that is all. */
  async keptOnly(): Promise<readonly string[]> {
    return (await this.#ask('us-east-1', 'kept-only')) as readonly string[];
  }

  /** What roles were allowed and refused since the last `leaveOut`. */
  async accessJournal(): Promise<AccessJournal> {
    return (await this.#ask('us-east-1', 'access')) as AccessJournal;
  }

  /** Has its role lack a statement from now on, or no role any, and begins a new journal. */
  async leaveOut(statement: RoleStatement | null): Promise<void> {
    await this.#tell('access', JSON.stringify(statement));
  }

  /** Makes it later for functions. */
  async skip(seconds: number): Promise<void> {
    await this.#tell('clock', String(seconds));
  }

  /** The end of what it has logged: errors of services and functions. */
  get lastWords(): string {
    return tail(this.#folder);
  }

  /** Has resources of a type, or the one with this logical id, fail from now on; nothing fails when it is empty. */
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

  /** Ends it, and what it had stored is gone. */
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
