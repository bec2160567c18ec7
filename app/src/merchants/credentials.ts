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
  #usedKeys = new Set<string>();
  /** Digests of the tokens of persons' sessions, in base64url. */
  #usedSessions = new Set<string>();

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
    if (principal?.holder.kind === 'key') this.#usedKeys.add(principal.holder.id);
    return principal;
  }

  /** Returns the merchant of a session; `undefined` when the session has ended, its key is expired or revoked, or the merchant suspended. */
  async findBySession(token: string): Promise<Principal | undefined> {
    const session = digest(token);
    const principal = await this.#lookups.add({ kind: 'session', digest: session });
    if (principal?.holder.kind === 'person') this.#usedSessions.add(session.toString('base64url'));
    return principal;
  }

  /** Returns the id of an operator's key; `undefined` when it is unknown or revoked. */
  findOperator(operatorKey: string): Promise<string | undefined> {
    return findOperator(this.#pool, digest(operatorKey));
  }

  /** Stores which API keys and sessions of persons were used since the last call. */
  async recordUses(): Promise<void> {
    const keys = [...this.#usedKeys];
    const sessions = [...this.#usedSessions].map((session) => Buffer.from(session, 'base64url'));
    this.#usedKeys = new Set();
    this.#usedSessions = new Set();
    if (keys.length > 0) await this.#pool.query('SELECT payments.record_key_uses($1)', [keys]);
    if (sessions.length > 0) await this.#pool.query('SELECT payments.record_session_uses($1)', [sessions]);
  }
}
