import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** One thing that the acquirer did with somebody's money, or refused to do twice differently. */
export interface BookLine {
  readonly kind: 'authorizations' | 'captures' | 'voids' | 'refunds' | 'conflict';
  readonly reference: string;
  /** What the acquirer calls the authorization that it is about. */
  readonly acquirerId: string;
  /** The card's token; of the authorization, where it is about one. */
  readonly paymentToken: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Whether an authorization took the money at once. */
  readonly capture: boolean;
  /** `undefined` when it was approved. */
  readonly declineCode?: string;
}

/** The lines of an acquirer's book; one that was being written when the acquirer died is none. */
export function readBook(file: string): BookLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as BookLine);
}

/** A book that outlives the process that writes it: a line is there before anyone is told of it. */
export class Book {
  readonly #descriptor: number;
  readonly #byReference = new Map<string, BookLine>();
  readonly #byAcquirerId = new Map<string, BookLine>();

  constructor(file: string) {
    for (const line of readBook(file)) this.#remember(line);
    this.#descriptor = openSync(file, 'a');
  }

  /** What was decided under a reference. */
  decided(reference: string): BookLine | undefined {
    return this.#byReference.get(reference);
  }

  /** The authorization that is called this. */
  authorization(acquirerId: string): BookLine | undefined {
    return this.#byAcquirerId.get(acquirerId);
  }

  write(line: BookLine): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    this.#remember(line);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #remember(line: BookLine): void {
    if (line.kind !== 'conflict') this.#byReference.set(line.reference, line);
    if (line.kind === 'authorizations') this.#byAcquirerId.set(line.acquirerId, line);
  }
}
