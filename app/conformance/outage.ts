import { ask, reasonOf, type Question } from './client.ts';
import type { DatabaseGate } from './database-gate.ts';
import type { Exchange } from './observations.ts';
import { until } from './until.ts';

/** A status, or the reason why there is none. */
export type Status = number | string;

/** The responses before, during and after a database outage. */
export interface Outage {
  readonly readyBefore: Status;
  readonly readyDuring: Status;
  readonly readyAfter: Status;
  readonly healthBefore: Status;
  readonly healthDuring: Status;
  /** Requests that need the database, sent during the outage; empty without a response. */
  readonly exchanges: readonly Exchange[];
}

/** The time to detect broken connections and to open new ones. */
const patienceSeconds = 10;

/** Simulates a short database outage. Returns the reason if it had no effect. */
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
