import type { Pool } from 'pg';

/** A first-in, first-out queue that knows how many members it has and how long they wait. */
export class WaitQueue {
  /** A Set iterates in insertion order and removes any member in constant time. */
  readonly #arrivals = new Set<{ readonly at: number }>();
  #departures = 0;
  #waitedMilliseconds = 0;

  /** Joins the queue. @returns a function that leaves it; calling it again does nothing */
  join(): () => void {
    const arrival = { at: performance.now() };
    this.#arrivals.add(arrival);
    return () => {
      if (!this.#arrivals.delete(arrival)) return;
      this.#departures += 1;
      this.#waitedMilliseconds += performance.now() - arrival.at;
    };
  }

  get size(): number {
    return this.#arrivals.size;
  }

  /** How long the first member has waited, in milliseconds; 0 when the queue is empty. */
  get ageMilliseconds(): number {
    const [first] = this.#arrivals;
    return first ? performance.now() - first.at : 0;
  }

  /** How many members have left since the queue was made, and how long they had waited in sum. */
  get departures(): { readonly count: number; readonly milliseconds: number } {
    return { count: this.#departures, milliseconds: this.#waitedMilliseconds };
  }
}

const queues = new WeakMap<Pool, WaitQueue>();

/** The queue of everything that waits for a connection of the pool, or for the batch that shares one. */
export function waitQueueOf(pool: Pool): WaitQueue {
  const queue = queues.get(pool) ?? new WaitQueue();
  queues.set(pool, queue);
  return queue;
}
