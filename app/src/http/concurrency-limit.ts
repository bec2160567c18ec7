import type { WaitQueue } from '../db/wait-queue.ts';

/** The bounds of a {@link ConcurrencyLimit}. */
export interface ConcurrencyLimitSettings {
  /** The mean time that an item may spend in the queue, in milliseconds. @default 150 */
  readonly targetMilliseconds?: number;
  /** The work of one batch and of the next. @default 128 */
  readonly min?: number;
  /** @default 2048 */
  readonly max?: number;
}

/** A burst of this size is admitted before anything is known of the wait. */
const initialLimit = 512;
const windowMilliseconds = 100;
const decrease = 0.9;
const increase = 1.05;
/** The weight of one window in the mean. A machine that stops for a moment must not halve the limit. */
const smoothing = 0.3;

/**
 * The number of items that a queue may hold before new work is refused, adapted to what the machine and the database can do now.
 *
 * By Little's law a queue that serves μ items a second and holds L of them makes each wait L/μ. The limit that keeps the wait at its target
 * is therefore μ times the target, but μ differs between machines and changes with the load. Additive increase and multiplicative decrease
 * finds it: the limit shrinks while the mean wait exceeds the target, and grows while requests are refused and the wait does not. After
 * an overload it returns to where it began.
 *
 * A fixed limit fits one machine only. A limit on the age of the first item, as in CoDel, admits everything until the queue is old, and
 * after a burst of ten times the capacity that is too late.
 *
 * @see https://netflixtechblog.medium.com/performance-under-load-3e6fa9a60581
 */
export class ConcurrencyLimit {
  readonly #queue: WaitQueue;
  readonly #settings: Required<ConcurrencyLimitSettings>;
  readonly #initial: number;
  #value: number;
  #windowStart = performance.now();
  #before: WaitQueue['departures'];
  #reached = false;
  #meanMilliseconds = 0;

  constructor(queue: WaitQueue, { targetMilliseconds = 150, min = 128, max = 2048 }: ConcurrencyLimitSettings = {}) {
    this.#queue = queue;
    this.#settings = { targetMilliseconds, min, max };
    this.#initial = Math.max(min, Math.min(initialLimit, max));
    this.#value = this.#initial;
    this.#before = queue.departures;
  }

  /** The limit at this moment. */
  get value(): number {
    this.#adapt(performance.now());
    return this.#value;
  }

  /** Tells the limit that it has refused work. Beyond its beginning it grows only while it does. */
  reached(): void {
    this.#reached = true;
  }

  #adapt(now: number): void {
    if (now - this.#windowStart < windowMilliseconds) return;
    const { targetMilliseconds, min, max } = this.#settings;
    const { departures, ageMilliseconds } = this.#queue;
    const count = departures.count - this.#before.count;
    const mean = count > 0 ? (departures.milliseconds - this.#before.milliseconds) / count : ageMilliseconds;
    this.#meanMilliseconds += smoothing * (mean - this.#meanMilliseconds);
    if (this.#meanMilliseconds > targetMilliseconds) this.#value = Math.max(min, this.#value * decrease);
    else if (this.#reached || this.#value < this.#initial) this.#value = Math.min(max, this.#value * increase + 1);
    this.#windowStart = now;
    this.#before = departures;
    this.#reached = false;
  }
}
