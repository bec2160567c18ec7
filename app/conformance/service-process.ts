import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** How to start a process. */
export interface Launch {
  /** The program and its arguments; no shell stands between, so that signals reach the program. */
  readonly command: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** User and group to run as; root alone may choose. @default - whoever runs this */
  readonly userId?: number;
}

/** How a process ended: its exit code, or the signal that ended it. */
export type Exit = number | NodeJS.Signals;

/** What a shell says of a program that it cannot start. */
const notStarted = 127;

const runningGroups = new Set<number>();
/** Ends every process that still runs, with its children: they must not outlive whoever started them. */
process.on('exit', () => {
  for (const group of runningGroups) killGroup(group);
});

/** A process that was started, and what it has written. */
export class ServiceProcess {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  /** When it and its output have ended. */
  readonly ended: Promise<Exit>;
  #exit: Exit | undefined;
  readonly #pid: number | undefined;

  constructor({ command: [program = '', ...args], directory, environment, userId }: Launch) {
    const child = spawn(program, args, {
      cwd: directory,
      env: { ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that its children can be ended with it.
      detached: true,
      ...(userId !== undefined && { uid: userId, gid: userId }),
    });
    this.#pid = child.pid;
    if (child.pid !== undefined) runningGroups.add(child.pid);
    createInterface({ input: child.stdout }).on('line', (line) => this.stdout.push(line));
    createInterface({ input: child.stderr }).on('line', (line) => this.stderr.push(line));
    child.once('exit', () => {
      // Children that outlive it would hold its output open.
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

  /** How it ended; `undefined` while it runs. */
  get exit(): Exit | undefined {
    return this.#exit;
  }

  /** Everything that it has written, to either stream. */
  get output(): string {
    return [...this.stdout, ...this.stderr].join('\n');
  }

  /** Tells the process itself to stop, as ECS tells the first process of a container. */
  terminate(): void {
    if (this.#pid !== undefined && this.#exit === undefined) process.kill(this.#pid, 'SIGTERM');
  }

  /** How it ends within so many seconds; `undefined` when it does not. */
  async endedWithin(seconds: number): Promise<Exit | undefined> {
    const cancel = new AbortController();
    const late = sleep(seconds * 1000, undefined, { signal: cancel.signal }).catch(() => undefined);
    try {
      return await Promise.race([this.ended, late]);
    } finally {
      cancel.abort();
    }
  }

  /** Ends it and its children, at once. */
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
    // Nobody is left.
  }
}
