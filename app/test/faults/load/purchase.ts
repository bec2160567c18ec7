import type { Random } from '../random.ts';
import type { Client, IdempotentRequest } from './client.ts';
import { type Intention, type ToldPayment, receivedPayment } from './intention.ts';

/** A merchant. */
export interface Merchant {
  readonly id: string;
  readonly apiKey: string;
}

/** The behaviour of buyers. */
export interface Habits {
  /** The share of requests that are sent once and never retried. */
  readonly abandons: number;
}

/** The parameters of a purchase. */
export interface PurchaseOptions {
  readonly client: Client;
  readonly random: Random;
  readonly merchant: Merchant;
  readonly habits: Habits;
  /** The prefix of every key of this purchase. */
  readonly key: string;
  /** The unique suffix of its token. */
  readonly tokenSuffix: string;
  readonly signal: AbortSignal;
  /** Receives each intention before it is sent. */
  readonly note: (intention: Intention) => void;
}

const currencies = ['EUR', 'USD', 'JPY'];
const prefixes = ['tok_approve', 'tok_approve', 'tok_approve', 'tok_approve', 'tok_approve', 'tok_decline'];

/** A payment with random operations: captured or voided, refunded in parts, sent twice. */
export class Purchase {
  readonly #options: PurchaseOptions;
  readonly #paymentToken: string;
  readonly #amountMinor: number;
  readonly #currency: string;
  readonly #capture: 'automatic' | 'manual';
  #steps = 0;

  constructor(options: PurchaseOptions) {
    const { random } = options;
    this.#options = options;
    this.#paymentToken = `${prefixes[random.whole(0, prefixes.length - 1)] ?? ''}_${options.tokenSuffix}`;
    this.#amountMinor = random.whole(1000, 500_000);
    this.#currency = currencies[random.whole(0, currencies.length - 1)] ?? '';
    this.#capture = random.chance(0.5) ? 'automatic' : 'manual';
  }

  async run(): Promise<void> {
    const { random } = this.#options;
    const created = await this.#do('create', '/payments', this.#amountMinor, {
      amountMinor: this.#amountMinor,
      currency: this.#currency,
      paymentToken: this.#paymentToken,
      capture: this.#capture,
      reference: this.#paymentToken.slice(0, 64),
    });
    let payment = created;
    if (payment?.status === 'authorized') {
      const amountMinor = random.chance(0.5) ? this.#amountMinor : random.whole(500, this.#amountMinor);
      const path = `/payments/${payment.id}`;
      if (random.chance(0.25)) payment = await this.#do('void', `${path}/void`, this.#amountMinor, {});
      else if (random.chance(0.8)) payment = await this.#do('capture', `${path}/capture`, amountMinor, { amountMinor });
    }
    const amounts = new Set<number>();
    for (let refunds = random.whole(0, 3); refunds > 0 && payment; refunds -= 1) {
      const left = payment.capturedAmountMinor - payment.refundedAmountMinor;
      const amountMinor = random.chance(0.3) ? left : random.whole(1, left);
      // Distinct amounts, so that the acquirer's journal identifies each refund.
      if (left === 0 || amounts.has(amountMinor)) return;
      amounts.add(amountMinor);
      const body = { amountMinor, reason: 'Returned' };
      payment = await this.#do('refund', `/payments/${payment.id}/refunds`, amountMinor, body);
    }
  }

  /** `undefined` if the client did not wait for the response. */
  async #do(
    kind: Intention['kind'],
    path: string,
    amountMinor: number,
    body: IdempotentRequest['body'],
  ): Promise<ToldPayment | undefined> {
    const { client, random, merchant, habits, signal, note, key } = this.#options;
    this.#steps += 1;
    const intention: Intention = {
      merchantId: merchant.id,
      key: `${key}-${this.#steps}`,
      kind,
      paymentToken: this.#paymentToken,
      amountMinor,
      currency: this.#currency,
      responses: [],
      unexpected: [],
      attempts: 0,
      accepted: 0,
      state: 'open',
    };
    note(intention);
    const request = { apiKey: merchant.apiKey, path, body, later: kind === 'create' && random.chance(0.2) };
    if (random.chance(habits.abandons)) {
      if (!(await client.try(intention, request))) intention.state = 'abandoned';
    } else if (random.chance(0.15)) {
      // A double click: both requests receive the same response.
      await Promise.all([client.insist(intention, request, signal), client.insist(intention, request, signal)]);
    } else {
      await client.insist(intention, request, signal);
    }
    if (intention.state !== 'acknowledged') return undefined;
    if (random.chance(0.2)) await client.insist(intention, request, signal);
    if (random.chance(0.05) && kind !== 'void') await client.misuse(intention, request);
    const [response] = intention.responses;
    return response && receivedPayment(response);
  }
}
