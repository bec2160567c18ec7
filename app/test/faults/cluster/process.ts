import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

const startMilliseconds = 30_000;

/** A process of the platform. */
export interface RunningProcess {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

/** The options of a process. */
export interface ProcessOptions {
  /** The arguments of `node`. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Receives the output of the process. */
  readonly logFile: string;
}

const running = new Set<ChildProcess>();
// Kill all processes when the runner exits.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a process and waits for a JSON line with its `address`. @throws with its log file when there is none */
export async function startProcess({ args, environment, logFile }: ProcessOptions): Promise<RunningProcess> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      resolve(signal ?? code ?? -1);
    });
  });
  const listening = new Promise<string>((resolve) => {
    createInterface(child.stdout).on('line', (line) => {
      const address = /"address":"([^"]+)"/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, startMilliseconds, 'late');
  });
  const first = await Promise.race([listening, ended, late]);
  clearTimeout(timer);
  if (typeof first === 'string' && first.startsWith('http')) {
    return { address: first, ended, kill: (signal) => void child.kill(signal) };
  }
  child.kill('SIGKILL');
  throw new Error(`${args.join(' ')} did not listen (${String(first)}); what it wrote is in ${logFile}.`);
}
