import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The job of a load generator process. */
export interface LoadJob {
  readonly port: number;
  /** API keys, assigned to connections in turn. */
  readonly keys: readonly string[];
  readonly connections: number;
  readonly load: Load;
}

/** The arrival of requests. Reads are single payments and pages; the other requests create payments. */
export type Load =
  | {
      /** Closed loop: each connection sends its next request after the response. */
      readonly kind: 'closed';
      readonly requests: number;
      /** From 0 to 1. @default 0 */
      readonly readShare?: number;
    }
  | {
      /** Open loop: requests arrive at a rate, independent of responses. */
      readonly kind: 'open';
      readonly perSecond: number;
      readonly seconds: number;
      /** From 0 to 1. @default 0 */
      readonly readShare?: number;
      /** The delay before a rejected request is retried, up to three times. @default - no retries */
      readonly retry?: 'after-retry-after' | 'immediately';
    }
  | {
      /** Users with think time between requests. */
      readonly kind: 'users';
      readonly thinkSeconds: number;
      readonly seconds: number;
      readonly readShare: number;
    };

/** Latencies in milliseconds; 0 without a response. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** The responses to the requests of one second. */
export interface SecondCount {
  readonly served: number;
  readonly refused: number;
}

/** The result of a job. Latencies are in milliseconds, from the time at which the request was due. */
export interface LoadResult {
  readonly seconds: number;
  readonly answers: Readonly<Record<string, number>>;
  /** Requests whose connection closed without a response. */
  readonly failures: number;
  /** Retries: on a new connection after a 408 for an idle one, or after a rejection. */
  readonly retries: number;
  /** Of all responses. */
  readonly all: Latency;
  /** Of responses with status 200 and 201. */
  readonly served: Latency;
  /** Of responses with status 503. */
  readonly refused: Latency;
  /** The numbers of served and rejected requests per second. */
  readonly perSecond: readonly SecondCount[];
  /** Of the generator process. */
  readonly processorSeconds: number;
}

/** Runs a load generator until it exits. @throws with its output when it fails */
export async function generateLoad(job: LoadJob): Promise<LoadResult> {
  const entry = fileURLToPath(new URL('load-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry], { stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.end(JSON.stringify(job));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`The load generator exited with ${String(code)}: ${output}`);
  return JSON.parse(output) as LoadResult;
}
