import { ask, reasonOf, type Question } from './client.ts';
import type { DatabaseGate } from './database-gate.ts';
import type { Exchange } from './observations.ts';
import { until } from './until.ts';

/** A status, or why there was none. */
export type Status = number | string;

/** What the service answered before its database went away, while it was away, and after. */
export interface Outage {
  readonly readyBefore: Status;
  readonly readyDuring: Status;
  readonly readyAfter: Status;
  readonly healthBefore: Status;
  readonly healthDuring: Status;
  /** Requests that cannot be served then; none when there was no answer. */
  readonly exchanges: readonly Exchange[];
}

/** Time for connections to be noticed as broken, and for new ones to be made. */
const patienceSeconds = 10;

/** Takes the database away for a moment; says why when nothing is taken away by that. */
export async function observeOutage(url: URL, gate: DatabaseGate, secret: string): Promise<Outage | string> {
  const statusOf = (path: string): Promise<Status> => ask(url, { path }).then(({ statusCode }) => statusCode, reasonOf);
  const eventually = async (wanted: number): Promise<Status> => {
    let status = await statusOf('/ready');
    await until(patienceSeconds, async () => (status = await statusOf('/ready')) === wanted);
    return status;
  };
  const readyBefore = await eventually(200);
  const healthBefore = await statusOf('/health');
  if (gate.connections === 0) return 'it does not use the database of its environment; see clause 11';
  await gate.shut();
  try {
    const readyDuring = await eventually(503);
    const healthDuring = await statusOf('/health');
    const question: Question = { path: '/api/v1/payments', headers: { authorization: `Bearer ${secret}` } };
    const exchanges = await ask(url, question).then(
      (answer) => [{ question, answer }],
      () => [],
    );
    await gate.open();
    const readyAfter = await eventually(200);
    return { readyBefore, readyDuring, readyAfter, healthBefore, healthDuring, exchanges };
  } finally {
    await gate.open();
  }
}
