import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type StartedProcess, startNode } from './child-process.ts';

/** A process, and the command line that it was started with. */
export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

/** The processes with a directory in their arguments or environment: all that a launcher has started for it. */
export function processesOf(directory: string): RunningProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => contentOf(pid, 'cmdline').includes(directory) || contentOf(pid, 'environ').includes(directory))
    .map((pid) => ({ pid: Number(pid), command: contentOf(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
}

function contentOf(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8');
  } catch {
    // The process has exited, or belongs to another user.
    return '';
  }
}

/** A temporary data directory. After the test, processes that still use it are killed and it is removed. */
export function temporaryDataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'local-platform-'));
  // If root runs the tests, the unprivileged user of PostgreSQL must be able to enter.
  chmodSync(directory, 0o755);
  onTestFinished(() => {
    for (const { pid } of processesOf(directory)) process.kill(pid, 'SIGKILL');
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  });
  return directory;
}

/** Runs `npm start` with these arguments, without npm. */
export function launch(...args: readonly string[]): StartedProcess {
  return startNode(['--import', 'tsx', 'src/local/start.ts', ...args]);
}

/** A ready local platform. */
export interface ReadyPlatform {
  readonly launcher: StartedProcess;
  readonly url: string;
  readonly apiKey: string;
  /** Sends a request to the API through the edge. @throws on an error response */
  readonly api: <T>(method: 'GET' | 'POST', path: string, payload?: Readonly<Record<string, unknown>>) => Promise<T>;
}

/** Starts the platform on a free port, without demo data. */
export async function startReady(directory: string, ...args: readonly string[]): Promise<ReadyPlatform> {
  return ready(launch('--port', '0', '--data-directory', directory, '--empty', ...args));
}

/** Starts the platform on a free port, with demo data. */
export async function startWithDemoData(directory: string): Promise<ReadyPlatform> {
  return ready(launch('--port', '0', '--data-directory', directory));
}

async function ready(launcher: StartedProcess): Promise<ReadyPlatform> {
  const url = (await launcher.line('ready ')).replace('ready ', '');
  const apiKey = (await launcher.line('API key: ')).replace('API key: ', '');
  return {
    launcher,
    url,
    apiKey,
    api: async <T>(method: 'GET' | 'POST', path: string, payload?: Readonly<Record<string, unknown>>) => {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(method === 'POST' && { 'idempotency-key': randomUUID(), 'content-type': 'application/json' }),
        },
        ...(payload && { body: JSON.stringify(payload) }),
      });
      if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      return (await response.json()) as T;
    },
  };
}
