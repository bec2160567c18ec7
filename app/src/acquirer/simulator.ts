import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Acquirer,
  type AcquirerResponse,
  type AcquirerRequest,
  AcquirerTimeoutError,
  type AuthorizationRequest,
  type AuthorizationResponse,
  type FollowUpRequest,
} from './acquirer.ts';
import { type ChallengeStore, MemoryChallenges } from './challenges.ts';

/** An operation that the simulated acquirer executed, for tests. */
export interface SimulatedCharge {
  readonly kind: 'authorize' | 'capture' | 'void' | 'refund';
  readonly reference: string;
  readonly amountMinor: number;
}

export interface SimulatorOptions {
  /** The delay of `tok_slow`. @default 3000 */
  readonly slowMilliseconds?: number;
  /** The delay after which `tok_timeout` times out. @default 5000 */
  readonly timeoutMilliseconds?: number;
  /** Where the challenges of `tok_challenge` are kept. @default - in this process */
  readonly challenges?: ChallengeStore;
  /** The origin of the pages of challenges. @default - their URLs are relative to the address of the API */
  readonly origin?: string | undefined;
}

/** The path of the page of a challenge, without its ID. */
export const challengePath = '/api/v1/simulated-challenges';
/** Acquirer IDs of authorizations with a challenge. */
const challengePrefix = 'sim_challenge_';

const declines: Readonly<Record<string, string>> = {
  tok_decline_insufficient_funds: 'insufficient_funds',
  tok_decline_stolen_card: 'stolen_card',
  tok_decline_expired_card: 'expired_card',
};
const approves = ['tok_approve', 'tok_slow', 'tok_duplicate', 'tok_timeout'];

/**
 * A simulated acquirer that decides by the payment token.
 *
 * Its responses are derived from the request, so it is idempotent across processes and restarts without storing anything. Only
 * `tok_challenge` waits for a decision, which a page of the API takes and a {@link ChallengeStore} keeps.
 */
export class SimulatedAcquirer implements Acquirer {
  readonly #charges = new Map<string, SimulatedCharge>();
  readonly #slowMilliseconds: number;
  readonly #timeoutMilliseconds: number;
  readonly #origin: string;
  /** Where the challenges of `tok_challenge` are kept. */
  readonly challenges: ChallengeStore;

  constructor({
    slowMilliseconds = 3000,
    timeoutMilliseconds = 5000,
    challenges = new MemoryChallenges(),
    origin = '',
  }: SimulatorOptions = {}) {
    this.challenges = challenges;
    this.#origin = origin;
    this.#slowMilliseconds = slowMilliseconds;
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  /** The operations that this process executed, one per reference. */
  get charges(): readonly SimulatedCharge[] {
    return [...this.#charges.values()];
  }

  async authorize(request: AuthorizationRequest): Promise<AuthorizationResponse> {
    const { paymentToken, reference } = request;
    if (paymentToken === 'tok_challenge') return this.#challenge(request);
    if (paymentToken === 'tok_slow') await sleep(this.#slowMilliseconds);
    const declineCode = declines[paymentToken] ?? (approves.includes(paymentToken) ? undefined : 'unknown_token');
    if (declineCode !== undefined) return { outcome: 'declined', declineCode };
    const firstTime = !this.#charges.has(reference);
    const answer = this.#approve('authorize', request);
    if (paymentToken === 'tok_timeout' && firstTime) {
      // The acquirer charges the card, but its response never arrives.
      await sleep(this.#timeoutMilliseconds);
      throw new AcquirerTimeoutError(reference);
    }
    if (paymentToken === 'tok_duplicate') return this.#approve('authorize', request);
    return answer;
  }

  capture(request: AcquirerRequest): Promise<AcquirerResponse> {
    return Promise.resolve(this.#approve('capture', request));
  }

  async void(request: FollowUpRequest): Promise<AcquirerResponse> {
    const { acquirerId } = request;
    if (acquirerId.startsWith(challengePrefix)) {
      const challenge = await this.challenges.decide(acquirerId, 'canceled');
      if (challenge?.outcome === 'passed' && challenge.captures)
        return { outcome: 'declined', declineCode: 'already_captured' };
    }
    return this.#approve('void', request);
  }

  refund(request: AcquirerRequest): Promise<AcquirerResponse> {
    return Promise.resolve(this.#approve('refund', request));
  }

  async #challenge(request: AuthorizationRequest): Promise<AuthorizationResponse> {
    const { reference, returnUrl, capture } = request;
    if (returnUrl === undefined) return { outcome: 'declined', declineCode: 'authentication_required' };
    const id = `${challengePrefix}${digestOf(reference)}`;
    const { outcome } = await this.challenges.begin({ id, reference, returnUrl, captures: capture });
    switch (outcome) {
      case null:
        return { outcome: 'action_required', acquirerId: id, url: `${this.#origin}${challengePath}/${id}` };
      case 'passed':
        return { ...this.#approve('authorize', request), acquirerId: id };
      case 'failed':
        return { outcome: 'declined', declineCode: 'authentication_failed' };
      case 'canceled':
        return { outcome: 'declined', declineCode: 'authentication_abandoned' };
    }
  }

  #approve(kind: SimulatedCharge['kind'], { reference, amountMinor }: AcquirerRequest) {
    if (!this.#charges.has(reference)) this.#charges.set(reference, { kind, reference, amountMinor });
    return { outcome: 'approved', acquirerId: `sim_${digestOf(reference)}` } as const;
  }
}

const digestOf = (reference: string) => hash('sha256', reference).slice(0, 24);
