import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

const startMilliseconds = 30_000;

/** A process of the platform that can be ended in any way. */
export interface RunningProcess {
  /** Where it says that it listens: `http://127.0.0.1:PORT`. */
  readonly address: string;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  kill(signal: NodeJS.Signals): void;
}

/** What is started. */
export interface ProcessOptions {
  /** Of `node`. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Gets all that the process writes. */
  readonly logFile: string;
}

const running = new Set<ChildProcess>();
// Whatever ends the runner, nothing that it started goes on.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a process and waits until it has written one line of JSON with its `address`. @throws with its log file when it does not */
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
