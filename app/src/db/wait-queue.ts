import type { Pool } from 'pg';

/** A first-in, first-out queue that knows how long its first member has waited. */
export class WaitQueue {
  /** A Set iterates in insertion order and removes any member in constant time. */
  readonly #arrivals = new Set<{ readonly at: number }>();

  /** Joins the queue. @returns a function that leaves it; calling it again does nothing */
  join(): () => void {
    const arrival = { at: performance.now() };
    this.#arrivals.add(arrival);
    return () => {
      this.#arrivals.delete(arrival);
    };
  }

  /** How long the first member has waited, in milliseconds; 0 when the queue is empty. */
  get ageMilliseconds(): number {
    const [first] = this.#arrivals;
    return first ? performance.now() - first.at : 0;
  }
}

const queues = new WeakMap<Pool, WaitQueue>();

/** The queue of everything that waits for a connection of the pool, or for the batch that shares one. */
export function waitQueueOf(pool: Pool): WaitQueue {
  const queue = queues.get(pool) ?? new WaitQueue();
  queues.set(pool, queue);
  return queue;
}
