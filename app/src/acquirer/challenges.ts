/** A challenge of the simulated issuer: `tok_challenge` waits until it is decided. */
export interface Challenge {
  /** The acquirer's ID of the authorization. */
  readonly id: string;
  /** The reference of the authorization. */
  readonly reference: string;
  readonly returnUrl: string;
  /** Whether the amount is captured when the challenge is passed. */
  readonly captures: boolean;
}

/** What became of a challenge. `canceled`: the authorization was voided before. */
export type ChallengeOutcome = 'passed' | 'failed' | 'canceled';

/** A challenge with its outcome, `null` while the customer has not decided. */
export type KnownChallenge = Challenge & { readonly outcome: ChallengeOutcome | null };

/** Where the simulator keeps its challenges, so that each process knows what became of one. */
export interface ChallengeStore {
  /** Stores a challenge, unless it is known, and returns it. */
  begin(challenge: Challenge): Promise<KnownChallenge>;
  /** `undefined` when there is none. */
  find(id: string): Promise<KnownChallenge | undefined>;
  /** Decides an open challenge, and returns it. A decided one stays as it is. `undefined` when there is none. */
  decide(id: string, outcome: ChallengeOutcome): Promise<KnownChallenge | undefined>;
}

/** Challenges of one process, for tests. */
export class MemoryChallenges implements ChallengeStore {
  readonly #challenges = new Map<string, KnownChallenge>();

  begin(challenge: Challenge): Promise<KnownChallenge> {
    const known = this.#challenges.get(challenge.id) ?? { ...challenge, outcome: null };
    this.#challenges.set(challenge.id, known);
    return Promise.resolve(known);
  }

  find(id: string): Promise<KnownChallenge | undefined> {
    return Promise.resolve(this.#challenges.get(id));
  }

  decide(id: string, outcome: ChallengeOutcome): Promise<KnownChallenge | undefined> {
    const known = this.#challenges.get(id);
    if (known?.outcome === null) this.#challenges.set(id, { ...known, outcome });
    return this.find(id);
  }
}
