import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Acquirer,
  type AcquirerResponse,
  type AcquirerRequest,
  AcquirerTimeoutError,
  type AuthorizationRequest,
} from './acquirer.ts';

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
}

const declines: Readonly<Record<string, string>> = {
  tok_decline_insufficient_funds: 'insufficient_funds',
  tok_decline_stolen_card: 'stolen_card',
  tok_decline_expired_card: 'expired_card',
};
const approves = ['tok_approve', 'tok_slow', 'tok_duplicate', 'tok_timeout'];

/**
 * A simulated acquirer that decides by the payment token.
 *
 * Its responses are derived from the request, so it is idempotent across processes and restarts without storing anything.
 */
export class SimulatedAcquirer implements Acquirer {
  readonly #charges = new Map<string, SimulatedCharge>();
  readonly #slowMilliseconds: number;
  readonly #timeoutMilliseconds: number;

  constructor({ slowMilliseconds = 3000, timeoutMilliseconds = 5000 }: SimulatorOptions = {}) {
    this.#slowMilliseconds = slowMilliseconds;
    this.#timeoutMilliseconds = timeoutMilliseconds;
  }

  /** The operations that this process executed, one per reference. */
  get charges(): readonly SimulatedCharge[] {
    return [...this.#charges.values()];
  }

  async authorize(request: AuthorizationRequest): Promise<AcquirerResponse> {
    const { paymentToken, reference } = request;
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

  void(request: AcquirerRequest): Promise<AcquirerResponse> {
    return Promise.resolve(this.#approve('void', request));
  }

  refund(request: AcquirerRequest): Promise<AcquirerResponse> {
    return Promise.resolve(this.#approve('refund', request));
  }

  #approve(kind: SimulatedCharge['kind'], { reference, amountMinor }: AcquirerRequest): AcquirerResponse {
    if (!this.#charges.has(reference)) this.#charges.set(reference, { kind, reference, amountMinor });
    return {
      outcome: 'approved',
      acquirerId: `sim_${hash('sha256', reference).slice(0, 24)}`,
    };
  }
}
