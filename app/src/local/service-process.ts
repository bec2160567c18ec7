import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';

const startMilliseconds = 30_000;
const stopMilliseconds = 28_000;

/** A running process of the platform. */
export interface Service {
  /** `http://127.0.0.1:PORT` */
  readonly address: string;
  /** Rejects when the process exits without a call of `stop`. */
  readonly ended: Promise<never>;
  stop(): Promise<void>;
}

function run(program: string, environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--enable-source-maps', program], {
    cwd: dirname(program),
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Its own process group, so that Ctrl-C does not reach it and the platform stops its parts in order.
    detached: true,
  });
}

/** Runs a program until it exits. @param program the path of its bundle @throws with its last log lines when it does not exit with 0 */
export async function runToCompletion(program: string, environment: Readonly<Record<string, string>>): Promise<void> {
  const child = run(program, environment);
  const lines: string[] = [];
  if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${basename(program)} exited with ${String(code)}:\n${lines.slice(-5).join('\n')}`);
}

/** Starts a program and waits until it listens. `log` receives each line; warnings and errors are also printed. */
export async function startService(
  program: string,
  environment: Readonly<Record<string, string>>,
  log: (line: string) => void,
): Promise<Service> {
  const child = run(program, environment);
  const name = basename(program);
  let asked = false;
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ended = exited.then((code): never => {
    throw new Error(`${name} exited unexpectedly with ${String(code)}. Its last log lines are above.`);
  });
  // Callers need not await `ended`: without this handler, its rejection would stop the process.
  ended.catch(() => undefined);
  const listening = new Promise<string>((resolve) => {
    if (!child.stdout) return;
    createInterface(child.stdout).on('line', (line) => {
      log(line);
      const { level, message, address } = parse(line);
      if (message === 'listening' && typeof address === 'string') resolve(address);
      if (level === 'warn' || level === 'error' || level === 'fatal') console.error(line);
    });
  });
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error(`${name} did not listen within ${startMilliseconds / 1000} seconds.`));
    }, startMilliseconds).unref();
  });
  const stop = async () => {
    asked = true;
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), stopMilliseconds);
    await exited;
    clearTimeout(kill);
  };
  try {
    const address = await Promise.race([listening, ended, late]);
    return {
      address,
      stop,
      ended: ended.catch((error: unknown) =>
        asked ? new Promise<never>(() => undefined) : Promise.reject(error as Error),
      ),
    };
  } catch (error) {
    if (child.exitCode === null) await stop();
    throw error;
  }
}

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
