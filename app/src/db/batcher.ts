import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { WaitQueue } from './wait-queue.ts';

export interface BatcherOptions {
  /** The largest number of items in a batch. */
  readonly maxBatchSize: number;
  /**
   * The least time between the starts of two batches, in milliseconds, unless the second is full. It spreads the fixed cost of a batch over
   * more items. @default 0
   */
  readonly minIntervalMilliseconds?: number;
  /**
   * The number of batches that may run at the same time. A batch starts beside another once it is half full, because the fixed cost of a
   * smaller one exceeds the time that it saves. @default 1
   */
  readonly maxConcurrency?: number;
  /** Whether one item may have caused the error. The items of the batch are then retried one by one. */
  readonly mayBeOneItem: (error: unknown) => boolean;
  /** The queue in which items wait until their batch has ended. */
  readonly line: WaitQueue;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Groups single items into batches.
 *
 * An idle batcher flushes at the end of the event-loop turn, so a lone item does not wait for others. While a batch runs, items accumulate
 * and form the next one: the higher the load, the larger the batches.
 */
export class Batcher<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #options: BatcherOptions;
  #waiting: Waiting<Item, Result>[] = [];
  #underWay = 0;

  /** @param work processes all items or, when it throws, none. It returns one result per item, in their order. */
  constructor(work: (items: readonly Item[]) => Promise<readonly Result[]>, options: BatcherOptions) {
    this.#work = work;
    this.#options = options;
  }

  /** Processes the item in a batch. Rejects with an error of this item, or of the whole batch. */
  async add(item: Item): Promise<Result> {
    const leave = this.#options.line.join();
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.push({ item, resolve, reject });
        if (this.#mayBeginBeside(this.#underWay)) void this.#workOff();
      });
    } finally {
      leave();
    }
  }

  #mayBeginBeside(others: number): boolean {
    const { maxBatchSize, maxConcurrency = 1 } = this.#options;
    if (others === 0) return this.#waiting.length > 0;
    return others < maxConcurrency && this.#waiting.length >= maxBatchSize / 2;
  }

  async #workOff(): Promise<void> {
    this.#underWay += 1;
    await endOfTurn();
    while (this.#mayBeginBeside(this.#underWay - 1)) {
      const began = performance.now();
      const batch = this.#waiting.slice(0, this.#options.maxBatchSize);
      this.#waiting = this.#waiting.slice(this.#options.maxBatchSize);
      await this.#together(batch);
      await this.#rest(began);
    }
    this.#underWay -= 1;
  }

  async #rest(began: number): Promise<void> {
    const { maxBatchSize, minIntervalMilliseconds = 0 } = this.#options;
    const left = began + minIntervalMilliseconds - performance.now();
    if (left <= 0 || this.#waiting.length === 0 || this.#waiting.length >= maxBatchSize) return;
    await new Promise((resolve) => setTimeout(resolve, left));
  }

  async #together(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#work(batch.map(({ item }) => item));
      for (const [index, result] of results.entries()) batch[index]?.resolve(result);
      if (results.length < batch.length) throw new Error(`${batch.length} items had ${results.length} results.`);
    } catch (error) {
      if (batch.length > 1 && this.#options.mayBeOneItem(error)) {
        for (const one of batch) await this.#together([one]);
      } else {
        for (const { reject } of batch) reject(error);
      }
    }
  }
}
