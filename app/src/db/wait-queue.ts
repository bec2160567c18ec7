import type { Pool } from 'pg';

/** Who waits for something, in the order of arrival; it knows how long the first of them has waited. */
export class WaitingLine {
  /** A Set keeps the order in which its members came, and lets go of any of them at once. */
  readonly #arrivals = new Set<{ readonly at: number }>();

  /** Joins the line. @returns what leaves it; calling that again does nothing */
  join(): () => void {
    const arrival = { at: performance.now() };
    this.#arrivals.add(arrival);
    return () => {
      this.#arrivals.delete(arrival);
    };
  }

  /** How long the one who came first has waited; 0 when nobody waits. */
  get ageMilliseconds(): number {
    const [first] = this.#arrivals;
    return first ? performance.now() - first.at : 0;
  }
}

const lines = new WeakMap<Pool, WaitingLine>();

/** The line before a database: whoever waits for a connection, or for others to be done with the one that they share. */
export function lineBefore(pool: Pool): WaitingLine {
  const line = lines.get(pool) ?? new WaitingLine();
  lines.set(pool, line);
  return line;
}
