import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a load generator does, in a process of its own. */
export interface LoadJob {
  readonly port: number;
  /** API keys, handed out to connections in turn. */
  readonly keys: readonly string[];
  readonly connections: number;
  readonly load: Load;
}

/** How requests arrive. Reads are single payments and pages of them; the other requests take payments. */
export type Load =
  | {
      /** Each connection sends its next request when it has its answer. */
      readonly kind: 'closed';
      readonly requests: number;
      /** From 0 to 1. @default 0 */
      readonly readShare?: number;
    }
  | {
      /** Requests arrive at their times, answered or not. */
      readonly kind: 'open';
      readonly perSecond: number;
      readonly seconds: number;
      /** From 0 to 1. @default 0 */
      readonly readShare?: number;
      /** When a refused request is sent again, up to three times. @default never */
      readonly retry?: 'after-retry-after' | 'immediately';
    }
  | {
      /** People: each thinks for a while, asks, and thinks again. */
      readonly kind: 'users';
      readonly thinkSeconds: number;
      readonly seconds: number;
      readonly readShare: number;
    };

/** Latencies in milliseconds; 0 where there are none. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The answers to the requests of one second. */
export interface SecondCount {
  readonly served: number;
  readonly refused: number;
}

/** What became of it. Latencies count from when a request should have been sent, in milliseconds. */
export interface LoadResult {
  readonly seconds: number;
  readonly answers: Readonly<Record<string, number>>;
  /** Requests whose connection ended instead. */
  readonly failures: number;
  /** Requests that were sent again: on a new connection after a 408 for a silent one, or after a refusal. */
  readonly retries: number;
  /** Of all answers. */
  readonly all: Latency;
  /** Of answers with status 200 and 201. */
  readonly served: Latency;
  /** Of answers with status 503. */
  readonly refused: Latency;
  /** How many requests of each second were served and refused. */
  readonly perSecond: readonly SecondCount[];
  /** Of the generator's process. */
  readonly processorSeconds: number;
}

/** Runs a generator to its end. @throws with what it said when it failed */
export async function generateLoad(job: LoadJob): Promise<LoadResult> {
  const entry = fileURLToPath(new URL('load-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(JSON.stringify(job));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The load generator ended with ${String(code)}: ${output}`);
  return JSON.parse(output) as LoadResult;
}
