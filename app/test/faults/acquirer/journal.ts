import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';

/** An operation of the acquirer. */
export interface JournalLine {
  readonly kind: 'authorizations' | 'captures' | 'voids' | 'refunds' | 'conflict';
  readonly reference: string;
  /** The acquirer's id of the authorization. */
  readonly acquirerId: string;
  /** The payment token of the authorization. */
  readonly paymentToken: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** Whether an authorization captured the amount. */
  readonly capture: boolean;
  /** `undefined` when it was approved. */
  readonly declineCode?: string;
}

/** Parses a journal. Ignores a line that the acquirer was writing when it was killed. */
export function readJournal(file: string): JournalLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalLine);
}

/** A durable journal: each line is written before the response is sent. */
export class Journal {
  readonly #descriptor: number;
  readonly #byReference = new Map<string, JournalLine>();
  readonly #byAcquirerId = new Map<string, JournalLine>();

  constructor(file: string) {
    for (const line of readJournal(file)) this.#remember(line);
    this.#descriptor = openSync(file, 'a');
  }

  /** The decision for a reference. */
  decided(reference: string): JournalLine | undefined {
    return this.#byReference.get(reference);
  }

  /** The authorization with this id. */
  authorization(acquirerId: string): JournalLine | undefined {
    return this.#byAcquirerId.get(acquirerId);
  }

  write(line: JournalLine): void {
    writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    this.#remember(line);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #remember(line: JournalLine): void {
    if (line.kind !== 'conflict') this.#byReference.set(line.reference, line);
    if (line.kind === 'authorizations') this.#byAcquirerId.set(line.acquirerId, line);
  }
}
