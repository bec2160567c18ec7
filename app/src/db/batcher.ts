import { setImmediate as endOfTurn } from 'node:timers/promises';
import type { WaitingLine } from './waiting-line.ts';

/** How a {@link Batcher} behaves. */
export interface BatcherOptions {
  /** How many items go together at most. */
  readonly most: number;
  /**
   * How many milliseconds lie between the beginnings of two batches of one lane, unless the second is full. What a batch costs beside its
   * items is so paid less often. @default 0
   */
  readonly spacing?: number;
  /**
   * How many batches may be under way at once. One beside another begins when it is at least half full: smaller ones would cost more than
   * they save. @default 1
   */
  readonly lanes?: number;
  /** Whether a failure may be the fault of one item alone; the items of the batch are then tried one by one. */
  readonly mayBeOneItem: (error: unknown) => boolean;
  /** Where items stand until their batch has ended. */
  readonly line: WaitingLine;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Does together what is asked for one by one.
 *
 * What comes while nothing is being done is done at the end of this turn of the event loop, with all else that came in it: nobody waits
 * for company that is not there. What comes meanwhile gathers, and goes together when that has ended and its time is over, or beside it
 * where there are lanes; the busier it is, the larger the batches.
 */
export class Batcher<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #options: BatcherOptions;
  #waiting: Waiting<Item, Result>[] = [];
  #underWay = 0;

  /** @param work does something with all items or, when it throws, with none; gives one result for each item, in their order */
  constructor(work: (items: readonly Item[]) => Promise<readonly Result[]>, options: BatcherOptions) {
    this.#work = work;
    this.#options = options;
  }

  /** Has it done, alone or with others. Rejects only with what is wrong with this item, or with what no item could help. */
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
    const { most, lanes = 1 } = this.#options;
    if (others === 0) return this.#waiting.length > 0;
    return others < lanes && this.#waiting.length >= most / 2;
  }

  async #workOff(): Promise<void> {
    this.#underWay += 1;
    await endOfTurn();
    while (this.#mayBeginBeside(this.#underWay - 1)) {
      const began = performance.now();
      const batch = this.#waiting.slice(0, this.#options.most);
      this.#waiting = this.#waiting.slice(this.#options.most);
      await this.#together(batch);
      await this.#rest(began);
    }
    this.#underWay -= 1;
  }

  async #rest(began: number): Promise<void> {
    const { most, spacing = 0 } = this.#options;
    const left = began + spacing - performance.now();
    if (left <= 0 || this.#waiting.length === 0 || this.#waiting.length >= most) return;
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
