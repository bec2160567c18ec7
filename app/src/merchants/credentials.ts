import type { Pool } from 'pg';
import { Batcher } from '../db/batcher.ts';
import { isStatementError } from '../db/statement-error.ts';
import { waitQueueOf } from '../db/wait-queue.ts';
import { type Credential, digest, type Principal, findPrincipals } from './merchant-repository.ts';

/**
 * Looks up API keys and sessions. Concurrent lookups are batched into one query. This is cheap enough to need no cache, so revoking a key
 * takes effect immediately.
 */
export class Credentials {
  readonly #lookups: Batcher<Credential, Principal | undefined>;

  constructor(pool: Pool) {
    this.#lookups = new Batcher((credentials) => findPrincipals(pool, credentials), {
      maxBatchSize: 256,
      mayBeOneItem: isStatementError,
      line: waitQueueOf(pool),
    });
  }

  /** Returns the merchant of an API key; `undefined` when the key is unknown, expired or revoked. */
  findByApiKey(apiKey: string): Promise<Principal | undefined> {
    return this.#lookups.add({ kind: 'key', digest: digest(apiKey) });
  }

  /** Returns the merchant of a session; `undefined` when the session has ended, or its key is expired or revoked. */
  findBySession(token: string): Promise<Principal | undefined> {
    return this.#lookups.add({ kind: 'session', digest: digest(token) });
  }
}
