import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** The options of a process. */
export interface Launch {
  /** The program and its arguments. It runs without a shell, so that it receives signals. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** User and group of the process. Requires root. @default - the current user */
  readonly userId?: number;
}

/** The exit code of a process, or the signal that ended it. */
export type Exit = number | NodeJS.Signals;

/** The exit code of a shell for a program that cannot be started. */
const notStarted = 127;

const runningGroups = new Set<number>();
/** Kills every running process and its children, so that they do not outlive this process. */
process.on('exit', () => {
  for (const group of runningGroups) killGroup(group);
});

/** A started process and its output. */
export class ServiceProcess {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  /** Resolves when the process and its output have ended. */
  readonly ended: Promise<Exit>;
  #exit: Exit | undefined;
  readonly #pid: number | undefined;

  constructor({ command: [program = '', ...args], directory, environment, userId }: Launch) {
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group, so that its children can be killed with it.
      detached: true,
      ...(userId !== undefined && { uid: userId, gid: userId }),
    });
    this.#pid = child.pid;
    if (child.pid !== undefined) runningGroups.add(child.pid);
    createInterface({ input: child.stdout }).on('line', (line) => this.stdout.push(line));
    createInterface({ input: child.stderr }).on('line', (line) => this.stderr.push(line));
    child.once('exit', () => {
      // Surviving children would keep its output open.
      this.#forget();
    });
    this.ended = new Promise((resolve) => {
      const end = (exit: Exit) => {
        this.#exit ??= exit;
        resolve(this.#exit);
      };
      child.once('error', (error) => {
        this.stderr.push(`${program} could not be started: ${error.message}`);
        end(notStarted);
      });
      child.once('close', (code, signal) => {
        end(signal ?? code ?? notStarted);
      });
    });
  }

  /** Exit code or signal; `undefined` while it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** Its output to stdout and stderr. */
  get output(): string {
    return [...this.stdout, ...this.stderr].join('\n');
  }

  /** Sends SIGTERM to the process only, as ECS does. */
  terminate(): void {
    if (this.#pid !== undefined && this.#exit === undefined) process.kill(this.#pid, 'SIGTERM');
  }

  /** Waits for its end; `undefined` after the timeout. */
  async endedWithin(seconds: number): Promise<Exit | undefined> {
    const cancel = new AbortController();
    const late = sleep(seconds * 1000, undefined, { signal: cancel.signal }).catch(() => undefined);
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      cancel.abort();
    }
  }

  /** Kills the process and its children. */
  async kill(): Promise<void> {
    this.#forget();
    await this.ended;
  }

  #forget(): void {
    if (this.#pid === undefined || !runningGroups.delete(this.#pid)) return;
    killGroup(this.#pid);
  }
}

function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // The process group no longer exists.
  }
}
