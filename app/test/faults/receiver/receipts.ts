import { existsSync, readFileSync } from 'node:fs';

/** A webhook as the receiver has journaled it. */
export interface Receipt {
  /** The merchant whose endpoint received it. */
  readonly merchantId: string;
  readonly eventId: string;
  readonly type: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  /** Whether its signature is that of the endpoint's secret. */
  readonly isSigned: boolean;
}

/** Parses a journal. Ignores a line that the receiver was writing when it was killed. */
export function readReceipts(file: string): Receipt[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Receipt);
}
