import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What a load generator does, in a process of its own. */
export interface LoadJob {
  readonly port: number;
  /** API keys, handed out to connections in turn. */
  readonly keys: readonly string[];
  readonly connections: number;
  readonly load:
    | {
        /** Each connection sends its next request when it has its answer. */ readonly kind: 'closed';
        readonly requests: number;
      }
    | {
        /** Requests come at their times, answered or not. */ readonly kind: 'open';
        readonly perSecond: number;
        readonly seconds: number;
      }
    | {
        /** People: each thinks for a while, asks, and thinks again. */
        readonly kind: 'users';
        readonly thinkSeconds: number;
        readonly seconds: number;
        readonly readShare: number;
      };
}

/** What became of it. Latencies count from when a request should have been sent, in milliseconds. */
export interface LoadResult {
  readonly seconds: number;
  readonly answers: Readonly<Record<string, number>>;
  /** Requests whose connection ended instead. */
  readonly failures: number;
  /** Requests that were sent again on a new connection, because the API was giving up the silent one (408). */
  readonly retries: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
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
