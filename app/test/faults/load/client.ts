import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { type Intention, type FinalResponse, receivedPayment } from './intention.ts';
import type { Traffic } from './traffic.ts';

/** A POST request. */
export interface IdempotentRequest {
  readonly apiKey: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether to send `Prefer: respond-async`. @default false */
  readonly later?: boolean;
}

/** The current targets, as known to a load balancer. */
export interface Doors {
  addresses(): readonly string[];
}

const patienceMilliseconds = 20_000;
const restMilliseconds = { least: 50, most: 800 };

/** A client that retries a request with the same key until it has a final response. */
export class Client {
  readonly #doors: Doors;
  readonly #random: Random;
  readonly #traffic: Traffic;

  constructor(doors: Doors, random: Random, traffic: Traffic) {
    this.#doors = doors;
    this.#random = random;
    this.#traffic = traffic;
  }

  /** Retries until there is a final response and records it. Returns `false` if `signal` aborts before. */
  async insist(intention: Intention, request: IdempotentRequest, signal: AbortSignal): Promise<boolean> {
    for (let wait = restMilliseconds.least; !signal.aborted; wait = Math.min(wait * 2, restMilliseconds.most)) {
      if (await this.try(intention, request)) return true;
      await sleep(wait + this.#random.whole(0, wait));
    }
    return false;
  }

  /** Sends once. Returns whether there was a final response. */
  async try(intention: Intention, request: IdempotentRequest): Promise<boolean> {
    intention.attempts += 1;
    let response: FinalResponse & { readonly later: boolean };
    try {
      response = await this.#post(intention.key, request);
    } catch {
      // The connection broke, was refused or timed out: the outcome is unknown.
      return false;
    }
    const { status, body, later } = response;
    if (status === 200 || status === 201 || status === 402) {
      intention.responses.push({ status, body: status === 402 ? declineIn(body) : body });
      intention.state = 'acknowledged';
      return true;
    }
    if (status === 202) return this.#isAccepted(intention, request, response);
    // 503 and 409 with Retry-After are retried. A valid request receives no other error.
    if (!later) intention.unexpected.push(`${status} ${body}`);
    return false;
  }

  /** Sends another request with the same key, which must be rejected. */
  async misuse(intention: Intention, request: IdempotentRequest): Promise<void> {
    const other = { ...request, body: { ...request.body, amountMinor: intention.amountMinor + 1 } };
    const answer = await this.#post(intention.key, other).catch(() => undefined);
    if (answer && answer.status !== 422 && !answer.later)
      intention.unexpected.push(`misuse of the key: ${answer.status}`);
  }

  /** An accepted payment must exist. */
  async #isAccepted(intention: Intention, { apiKey }: IdempotentRequest, response: FinalResponse): Promise<boolean> {
    intention.accepted += 1;
    const { id } = receivedPayment(response);
    const answer = await this.#fetch(`/payments/${id}`, { authorization: `Bearer ${apiKey}` }).catch(() => undefined);
    if (answer?.status === 404) intention.unexpected.push(`payment ${id} was accepted, and is not there`);
    return false;
  }

  #post(
    key: string,
    { apiKey, path, body, later = false }: IdempotentRequest,
  ): Promise<FinalResponse & { readonly later: boolean }> {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'idempotency-key': key,
      'content-type': 'application/json',
      ...(later && { prefer: 'respond-async' }),
    };
    return this.#fetch(path, headers, JSON.stringify(body));
  }

  async #fetch(
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<FinalResponse & { readonly later: boolean }> {
    const addresses = this.#doors.addresses();
    const address = addresses[this.#random.whole(0, addresses.length - 1)] ?? 'http://127.0.0.1:9';
    return this.#traffic.watch(address, async () => {
      const response = await fetch(`${address}/api/v1${path}`, {
        headers,
        signal: AbortSignal.timeout(patienceMilliseconds),
        ...(body !== undefined && { method: 'POST', body }),
      });
      if (response.status === 503) this.#traffic.refused += 1;
      return { status: response.status, body: await response.text(), later: response.headers.has('retry-after') };
    });
  }
}

/** What a decline says of the operation. The rest of the problem is text, and the correlation ID of the request that receives it. */
function declineIn(problem: string): string {
  const { type, declineCode, payment } = JSON.parse(problem) as Record<string, unknown>;
  return JSON.stringify({ type, declineCode, payment });
}
