import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { Client, type Doors } from './client.ts';
import type { Intention } from './intention.ts';
import { type Habits, type Merchant, Purchase } from './purchase.ts';
import { Traffic } from './traffic.ts';

/** The parameters of the load. */
export interface LoadOptions {
  readonly doors: Doors;
  readonly merchants: readonly Merchant[];
  readonly random: Random;
  /** The number of concurrent buyers per merchant. */
  readonly buyers: number;
}

/** Buyers at all merchants, who use the same keys at the same time. */
export class Load {
  readonly traffic = new Traffic();
  readonly #options: LoadOptions;
  readonly #intentions: Intention[] = [];
  #hurry = new AbortController();
  #scenario = 'start';
  #habits: Habits = { abandons: 0 };
  #stopping = false;
  #purchases = 0;
  #buyers: Promise<unknown> = Promise.resolve();

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** All intentions, in order. */
  get intentions(): readonly Intention[] {
    return this.#intentions;
  }

  /** Sets the scenario and behaviour of new purchases. */
  enter(scenario: string, habits: Habits): void {
    this.#scenario = scenario;
    this.#habits = habits;
  }

  start(): void {
    this.#stopping = false;
    this.#hurry = new AbortController();
    this.#buyers = Promise.all(
      Array.from({ length: this.#options.buyers }, () => this.#buy(this.#options.random.fork())),
    );
  }

  /** Starts no new purchases and waits up to `patienceMilliseconds` for those in progress. */
  async stop(patienceMilliseconds: number): Promise<void> {
    this.#stopping = true;
    const late = setTimeout(() => {
      this.#hurry.abort();
    }, patienceMilliseconds);
    await this.#buyers;
    clearTimeout(late);
  }

  /** Waits for a number of further acknowledged requests. @throws after a timeout */
  async untilAcknowledged(more: number, patienceMilliseconds = 30_000): Promise<void> {
    const count = () => this.#intentions.filter(({ state }) => state === 'acknowledged').length;
    const goal = count() + more;
    const end = Date.now() + patienceMilliseconds;
    while (count() < goal) {
      if (Date.now() > end) {
        const got = count() + more - goal;
        throw new Error(`Only ${got} of ${more} requests were acknowledged within ${patienceMilliseconds / 1000} s.`);
      }
      await sleep(50);
    }
  }

  /** Adds buyers. Returns the function that ends them, which resolves when they have finished the purchases that they have begun. */
  surge(buyers: number): () => Promise<void> {
    let over = false;
    const more = Promise.all(Array.from({ length: buyers }, () => this.#buy(this.#options.random.fork(), () => over)));
    return async () => {
      over = true;
      await more;
    };
  }

  async #buy(random: Random, isOver = () => false): Promise<void> {
    const { doors, merchants } = this.#options;
    while (!this.#stopping && !isOver()) {
      this.#purchases += 1;
      const number = this.#purchases;
      const scenario = this.#scenario;
      await Promise.all(
        merchants.map((merchant, index) => {
          const own = random.fork();
          return new Purchase({
            client: new Client(doors, own.fork(), this.traffic),
            random: own,
            merchant,
            habits: this.#habits,
            // The same keys at every merchant, concurrently.
            key: `${scenario}-${number}`,
            tokenSuffix: `${scenario.replaceAll('-', '_')}_${number}_${index}`,
            signal: this.#hurry.signal,
            note: (intention) => void this.#intentions.push(intention),
          }).run();
        }),
      );
    }
  }
}
