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

/** The processes that were told of a directory by argument or environment: all that a launcher has started for it. */
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
    // It has ended meanwhile, or is someone else's.
    return '';
  }
}

/** A directory for the data of one test. What still runs on it at the end is ended, and it is removed. */
export function temporaryDataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'local-platform-'));
  // Where root runs the tests, PostgreSQL runs as someone else, who must be able to enter.
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

/** The platform, once it has said that it is ready. */
export interface ReadyPlatform {
  readonly launcher: StartedProcess;
  readonly url: string;
  readonly apiKey: string;
  /** Asks the API through the edge, and returns what it answers. @throws on any refusal */
  readonly api: <T>(method: 'GET' | 'POST', path: string, payload?: Readonly<Record<string, unknown>>) => Promise<T>;
}

/** Starts the platform on a free port, without demo data. */
export async function startReady(directory: string, ...args: readonly string[]): Promise<ReadyPlatform> {
  return ready(launch('--port', '0', '--data-directory', directory, '--empty', ...args));
}

/** Starts the platform on a free port as a newcomer does. */
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
