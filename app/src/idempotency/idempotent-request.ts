import type { Caller } from '../db/transaction.ts';

/** A request that changes something, identified by its merchant and Idempotency-Key. */
export interface IdempotentRequest extends Caller {
  readonly key: string;
  /** A digest of the content. A second request with the same key and another digest is refused. */
  readonly requestHash: Buffer;
}

/** What identifies a request. */
export type IdempotentRequestKey = Omit<IdempotentRequest, 'requestHash'>;
