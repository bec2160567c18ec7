import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { WaitQueue } from '../db/wait-queue.ts';
import { overloaded, type Problem } from '../problems.ts';
import type { BusinessMetrics } from '../telemetry/business-metrics.ts';
import { ConcurrencyLimit, type ConcurrencyLimitSettings } from './concurrency-limit.ts';
import { isProbe } from './probes.ts';
import { correlationHeader } from './problem-handler.ts';
import { RecentKeys } from './recent-keys.ts';
import { correlationId } from './request-hooks.ts';

/** When requests are refused. */
export interface LoadSheddingSettings {
  /** How long the first item in the queue may have waited, in milliseconds. @default 1000 */
  readonly longestWaitMilliseconds?: number;
  readonly limit?: ConcurrencyLimitSettings;
}

/** `follow-up` is a capture, a void or a refund. */
type Kind = 'follow-up' | 'write' | 'read';

/**
 * The share of the limit for requests that begin something. The rest is for those that finish it: a follow-up, or a retry of a write that
 * was admitted and whose client may not know the outcome.
 */
const shareOfBeginnings = 0.85;

/** The share that remains for a caller who has more requests in progress than an equal part of the limit. */
const shareBeyondFairness = 0.7;

/** Clients that were refused together must not return together. */
const retryAfterSeconds = [1, 2, 3] as const;
const refusals = retryAfterSeconds.map((seconds) => overloaded(seconds));

/**
 * Refuses requests that the API could not answer in time, before Fastify sees them: no routing, no authentication, no body, no log line of
 * their own. A refusal must cost a small part of an answer, or refusing becomes the overload.
 *
 * Nothing waits in line to be admitted, so there is no line that could grow old. The limit counts what waits for the database or runs in
 * it; a payment whose acquirer is slow uses none of it.
 *
 * @param queue the queue of the database that every request needs
 */
export function shedLoad(
  app: FastifyInstance,
  queue: WaitQueue,
  metrics: BusinessMetrics,
  { longestWaitMilliseconds = 1000, limit: limitSettings }: LoadSheddingSettings,
): void {
  const limit = new ConcurrencyLimit(queue, limitSettings);
  const inProgress = new CallsInProgress();
  const admittedKeys = new RecentKeys();
  const report = new RefusalReport(app, metrics, limit);
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
    report.close();
  });

  const admits = (request: IncomingMessage, caller: string): boolean => {
    if (queue.ageMilliseconds > longestWaitMilliseconds) return false;
    const { value } = limit;
    // Most requests find room for anyone, and need no look at what they are.
    if (queue.size < value * shareOfBeginnings * shareBeyondFairness) return true;
    const fairShare = inProgress.isAboveFairShare(caller, value) ? shareBeyondFairness : 1;
    const share = finishes(request, admittedKeys) ? 1 : shareOfBeginnings;
    return queue.size < value * share * fairShare;
  };

  const { server } = app;
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const caller = callerOf(request);
    if (closing || isProbe(request.url) || admits(request, caller)) {
      inProgress.add(caller, response);
      const key = request.headers['idempotency-key'];
      if (typeof key === 'string') admittedKeys.add(key);
      for (const handle of handlers) handle.call(server, request, response);
      return;
    }
    limit.reached();
    report.count(kindOf(request));
    refuse(request, response);
  });
}

/** Answers 503 with a problem, and keeps the connection. Node.js discards the body that is not read. */
function refuse(request: IncomingMessage, response: ServerResponse): void {
  const id = correlationId(request);
  const problem = refusals[Math.floor(Math.random() * refusals.length)] as Problem;
  const body = JSON.stringify(problem.body('/api/v1', id));
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    [correlationHeader]: id,
    ...problem.headers,
  });
  response.end(body);
}

/** Whether the request finishes what an earlier one began. */
function finishes(request: IncomingMessage, admittedKeys: RecentKeys): boolean {
  const key = request.headers['idempotency-key'];
  return kindOf(request) === 'follow-up' || (typeof key === 'string' && admittedKeys.has(key));
}

function kindOf({ method, url = '' }: IncomingMessage): Kind {
  if (method === 'GET' || method === 'HEAD') return 'read';
  return /\/(?:capture|void|refunds)$/.test(url) ? 'follow-up' : 'write';
}

/** The credential as it was sent. It is compared with others in progress, and neither checked nor kept. */
function callerOf({ headers }: IncomingMessage): string {
  return headers.authorization ?? headers.cookie ?? '';
}

/** How many requests of each caller are in progress. */
class CallsInProgress {
  readonly #counts = new Map<string, number>();

  add(caller: string, response: ServerResponse): void {
    this.#counts.set(caller, (this.#counts.get(caller) ?? 0) + 1);
    response.once('close', () => {
      const left = (this.#counts.get(caller) ?? 0) - 1;
      if (left > 0) this.#counts.set(caller, left);
      else this.#counts.delete(caller);
    });
  }

  isAboveFairShare(caller: string, limit: number): boolean {
    return (this.#counts.get(caller) ?? 0) > Math.max(1, limit / Math.max(1, this.#counts.size));
  }
}

const reportMilliseconds = 1000;

/** Writes one log line and one metric a second for all refusals of that second. */
class RefusalReport {
  readonly #app: FastifyInstance;
  readonly #metrics: BusinessMetrics;
  readonly #limit: ConcurrencyLimit;
  #counts: Record<Kind, number> = { 'follow-up': 0, write: 0, read: 0 };
  #timer: NodeJS.Timeout | undefined;

  constructor(app: FastifyInstance, metrics: BusinessMetrics, limit: ConcurrencyLimit) {
    this.#app = app;
    this.#metrics = metrics;
    this.#limit = limit;
  }

  count(kind: Kind): void {
    this.#counts[kind] += 1;
    this.#timer ??= setTimeout(() => {
      this.close();
    }, reportMilliseconds);
  }

  /** Reports what was counted since the last report. */
  close(): void {
    if (!this.#timer) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { 'follow-up': followUps, write: writes, read: reads } = this.#counts;
    this.#counts = { 'follow-up': 0, write: 0, read: 0 };
    this.#metrics.requestsRefused(followUps + writes + reads);
    this.#app.log.warn({ followUps, writes, reads, limit: Math.round(this.#limit.value) }, 'requests refused');
  }
}
