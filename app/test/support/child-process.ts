import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Program } from '../../bundle-programs.ts';

/** A process of the platform. */
export interface StartedProcess {
  readonly pid: number;
  /** The lines that it has written to stdout and stderr. */
  readonly output: readonly string[];
  /** Resolves with the exit code, or the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** Resolves with the first line that contains `text`. */
  line(text: string): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** The options of a process. It inherits only PATH. */
export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly directory?: string;
}

const appDirectory = fileURLToPath(new URL('../..', import.meta.url));
const patienceMilliseconds = 60_000;

/** Runs `node` with these arguments until the test ends. */
export function startNode(args: readonly string[], options: StartOptions = {}): StartedProcess {
  const { environment = {}, directory = appDirectory } = options;
  const child = spawn(process.execPath, args, {
    cwd: directory,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', (line) => output.push(line));
  // 'close' is emitted after the last output, 'exit' possibly before.
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

/** Runs a program of the image, which the global setup has bundled. */
export function startEntryPoint(name: Program, environment: Readonly<Record<string, string>>): StartedProcess {
  return startNode([join('dist', `${name}.js`)], { environment });
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
