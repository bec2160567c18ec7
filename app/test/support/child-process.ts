import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** A process of the platform, started as it is in production. */
export interface StartedProcess {
  readonly pid: number;
  /** What it has written to both streams so far, line by line. */
  readonly output: readonly string[];
  /** Resolves with its exit code, or with the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** The first line that holds `text`, as soon as there is one. */
  line(text: string): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** What a process is started with; nothing is inherited from the test but the search path. */
export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
}

const appDirectory = fileURLToPath(new URL('../..', import.meta.url));
const patienceMilliseconds = 60_000;

/** Starts `node` with these arguments; it does not outlive the test. */
export function startNode(args: readonly string[], options: StartOptions = {}): StartedProcess {
  const { environment = {}, directory = appDirectory } = options;
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', (line) => output.push(line));
  // 'close' comes after the last line, 'exit' may come before it.
  const ended = new Promise<number | NodeJS.Signals>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      resolve(signal ?? code ?? -1);
    });
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid ?? -1,
    output,
    ended,
    line: (text) => firstLine(child, output, text),
    kill: (signal) => void child.kill(signal),
  };
}

/** Starts one of the entry points from its source, such as `server`. */
export function startEntryPoint(name: string, environment: Readonly<Record<string, string>>): StartedProcess {
  return startNode(['--import', 'tsx', `src/${name}.ts`], { environment });
}

async function firstLine(child: ChildProcess, output: readonly string[], text: string): Promise<string> {
  const end = Date.now() + patienceMilliseconds;
  for (;;) {
    const over = child.exitCode !== null || child.signalCode !== null || Date.now() > end;
    const found = output.find((line) => line.includes(text));
    if (found !== undefined) return found;
    if (over) throw new Error(`The process never wrote '${text}', but:\n${output.join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
