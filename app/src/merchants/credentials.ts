import type { Pool } from 'pg';
import { Batcher } from '../db/batcher.ts';
import { isRefusedStatement } from '../db/refused-statement.ts';
import { waitQueueOf } from '../db/wait-queue.ts';
import { type Credential, digest, type Principal, principalsOf } from './merchant-repository.ts';

/**
 * Finds the holders of API keys and sessions. Requests that come at the same time are looked up together, which costs each of them little
 * enough that nothing need be remembered: a key that is revoked is refused from then on, not some seconds later.
 */
export class Credentials {
  readonly #lookups: Batcher<Credential, Principal | undefined>;

  constructor(pool: Pool) {
    this.#lookups = new Batcher((credentials) => principalsOf(pool, credentials), {
      maxBatchSize: 256,
      mayBeOneItem: isRefusedStatement,
      line: waitQueueOf(pool),
    });
  }

  /** Who holds this API key; `undefined` when it is unknown, expired or revoked. */
  ofKey(apiKey: string): Promise<Principal | undefined> {
    return this.#lookups.add({ kind: 'key', digest: digest(apiKey) });
  }

  /** Whose session this is; `undefined` when it has ended, or its key has. */
  ofSession(token: string): Promise<Principal | undefined> {
    return this.#lookups.add({ kind: 'session', digest: digest(token) });
  }
}
