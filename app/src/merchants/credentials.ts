import type { Pool } from 'pg';
import { Batcher } from '../db/batcher.ts';
import { isStatementError } from '../db/statement-error.ts';
import { waitQueueOf } from '../db/wait-queue.ts';
import { type Credential, digest, type Principal, findPrincipals } from './merchant-repository.ts';
import { findOperator } from './operator-key.ts';

/**
 * Looks up API keys and sessions. Concurrent lookups are batched into one query. This is cheap enough to need no cache, so revoking a key
 * takes effect immediately.
 */
export class Credentials {
  readonly #pool: Pool;
  readonly #lookups: Batcher<Credential, Principal | undefined>;
  #used = new Set<string>();

  constructor(pool: Pool) {
    this.#pool = pool;
    this.#lookups = new Batcher((credentials) => findPrincipals(pool, credentials), {
      maxBatchSize: 256,
      mayBeOneItem: isStatementError,
      line: waitQueueOf(pool),
    });
  }

  /** Returns the merchant of an API key; `undefined` when the key is unknown, expired or revoked, or the merchant suspended. */
  async findByApiKey(apiKey: string): Promise<Principal | undefined> {
    const principal = await this.#lookups.add({ kind: 'key', digest: digest(apiKey) });
    if (principal) this.#used.add(principal.apiKeyId);
    return principal;
  }

  /** Returns the merchant of a session; `undefined` when the session has ended, its key is expired or revoked, or the merchant suspended. */
  findBySession(token: string): Promise<Principal | undefined> {
    return this.#lookups.add({ kind: 'session', digest: digest(token) });
  }

  /** Returns the id of an operator's key; `undefined` when it is unknown or revoked. */
  findOperator(operatorKey: string): Promise<string | undefined> {
    return findOperator(this.#pool, digest(operatorKey));
  }

  /** Stores which API keys were used since the last call. */
  async recordUses(): Promise<void> {
    if (this.#used.size === 0) return;
    const used = [...this.#used];
    this.#used = new Set();
    await this.#pool.query('SELECT payments.record_key_uses($1)', [used]);
  }
}
