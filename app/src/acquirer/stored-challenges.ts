import type { Pool } from 'pg';
import type { Challenge, ChallengeOutcome, ChallengeStore, KnownChallenge } from './challenges.ts';

const columns = 'id, reference, return_url AS "returnUrl", captures, outcome';

/** Challenges in the database, which all tasks and the queue consumer share. */
export class StoredChallenges implements ChallengeStore {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  async begin({ id, reference, returnUrl, captures }: Challenge): Promise<KnownChallenge> {
    const { rows } = await this.#pool.query<KnownChallenge>(
      `SELECT ${columns} FROM payments.begin_challenge($1, $2, $3, $4)`,
      [id, reference, returnUrl, captures],
    );
    const [challenge] = rows;
    if (!challenge) throw new Error(`The challenge ${id} was not stored.`);
    return challenge;
  }

  find(id: string): Promise<KnownChallenge | undefined> {
    return this.#decided(id, null);
  }

  decide(id: string, outcome: ChallengeOutcome): Promise<KnownChallenge | undefined> {
    return this.#decided(id, outcome);
  }

  async #decided(id: string, outcome: ChallengeOutcome | null): Promise<KnownChallenge | undefined> {
    const { rows } = await this.#pool.query<KnownChallenge>(
      `SELECT ${columns} FROM payments.decide_challenge($1, $2)`,
      [id, outcome],
    );
    return rows[0];
  }
}
