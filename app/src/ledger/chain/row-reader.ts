import type { ClientBase } from 'pg';
import { type Chain, type ChainedRow, chainedRows, type ChainPosition, isAfter } from './chain-repository.ts';

const rowsPerQuery = 5000;

/** Reads the rows between two positions in order, some thousand at a time. */
export class RowReader {
  readonly #read: (after: ChainPosition) => Promise<ChainedRow[]>;
  #after: ChainPosition;
  #pending: ChainedRow[] = [];
  #ended = false;

  constructor(database: ClientBase, chain: Chain, after: ChainPosition, until: ChainPosition) {
    this.#after = after;
    this.#read = (position) => chainedRows(database, chain, position, until, rowsPerQuery);
  }

  /** Returns the next rows up to a position. */
  async upTo(position: ChainPosition): Promise<ChainedRow[]> {
    const taken: ChainedRow[] = [];
    for (;;) {
      const beyond = this.#pending.findIndex((row) => isAfter(row, position));
      taken.push(...this.#pending.splice(0, beyond === -1 ? this.#pending.length : beyond));
      if (beyond !== -1 || this.#ended) return taken;
      this.#pending = await this.#read(this.#after);
      this.#ended = this.#pending.length < rowsPerQuery;
      this.#after = this.#pending.at(-1) ?? this.#after;
    }
  }
}
